// Puts a template's words into an e-mail: subject, plain text and a small piece of HTML that says the same.
import type { Contact } from '../store/load-contacts.ts';
import type { WaitingEmail } from '../store/load-waiting-emails.ts';
import { escapeHtml } from './escape-html.ts';
import { isTemplate, wordsOf } from './templates.ts';

export interface RenderedEmail {
  subject: string;
  text: string;
  html: string;
}

/** @throws Error for a template that is not ours, which nothing in the table has */
export function renderEmail(email: WaitingEmail, { name }: Contact): RenderedEmail {
  if (!isTemplate(email.template)) throw new Error(`There is no template ${email.template}`);
  const { subject, paragraphs } = wordsOf(email.template, email);
  const lines = [name === null ? 'Hello,' : `Hello ${name},`, ...paragraphs];
  return {
    subject: email.environment === 'test' ? `[test] ${subject}` : subject,
    text: `${lines.join('\n\n')}\n`,
    html: `<!doctype html>\n<html lang="en"><body>\n${lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n')}\n</body></html>\n`,
  };
}
