// The only file that knows nodemailer: hands one e-mail to the mail server, and says what its answer means for us.
import { createTransport } from 'nodemailer';
import type { RenderedEmail } from './render-email.ts';

const CONNECTION_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 30_000;
const RATE_WINDOW_MS = 1_000;

export interface MailServerOptions {
  /** `smtp://` or `smtps://`. */
  url: string;
  /** Sender, as `Name <address>`. */
  from: string;
  emailsPerSecondMax: number;
  connectionsMax: number;
}

export interface OutgoingEmail extends RenderedEmail {
  to: { address: string; name: string | null };
  /** Becomes the Message-ID, the same at every attempt, so that a receiver can drop what comes twice. */
  notificationId: string;
}

/**
 * - `sent`: the mail server has taken it over
 * - `refused`: it never will, for this recipient or text
 * - `try_again`: it may; `serverIsAway` when no e-mail would pass now
 */
export type SendResult =
  | { kind: 'sent' }
  | { kind: 'refused'; reason: string }
  | { kind: 'try_again'; reason: string; serverIsAway: boolean };

export interface MailServer {
  /** Never throws. Aborting gives up what has not been handed over. */
  send(email: OutgoingEmail, signal: AbortSignal): Promise<SendResult>;
  close(): void;
}

/** Connects with the first e-mail. Waits, inside `send`, where the rate asks for it. */
export function createMailServer({ url, from, emailsPerSecondMax, connectionsMax }: MailServerOptions): MailServer {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: connectionsMax,
    maxMessages: Infinity,
    rateDelta: RATE_WINDOW_MS,
    rateLimit: emailsPerSecondMax,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    greetingTimeout: CONNECTION_TIMEOUT_MS,
    socketTimeout: ANSWER_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...encryption(new URL(url)),
  });
  const domain = domainOf(from);
  return {
    send: async ({ to, notificationId, subject, text, html }, signal) => {
      try {
        await transport.sendMail({
          from,
          to: { address: to.address, name: to.name ?? '' },
          subject,
          text,
          html,
          messageId: `<${notificationId}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
          signal,
        });
        return { kind: 'sent' };
      } catch (error) {
        return resultOf(error);
      }
    },
    close: () => transport.close(),
  };
}

/** Never in clear over a network, unless the URL says so itself. */
function encryption(url: URL): { requireTLS?: boolean; ignoreTLS?: boolean } {
  if (url.searchParams.has('requireTLS')) return {};
  const onThisMachine = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  return onThisMachine ? { ignoreTLS: true } : { requireTLS: true };
}

function domainOf(from: string): string {
  return /@([^\s<>@]+)>?$/.exec(from)?.[1] ?? 'localhost';
}

/** What of nodemailer's errors decides; its message holds addresses and goes nowhere. */
interface SmtpError {
  code?: unknown;
  responseCode?: unknown;
  command?: unknown;
}

/** The recipient's or the text's fault is for good (5xx); login, sender and connection are ours or the server's. */
function resultOf(error: unknown): SendResult {
  const { code, responseCode, command } = error as SmtpError; // whatever was thrown, its fields are checked below
  const answer = typeof responseCode === 'number' ? responseCode : null;
  const reason = answer === null ? `smtp_${nameOf(code)}` : `smtp_${answer}`;
  const aboutThisEmail = code === 'EMESSAGE' || (code === 'EENVELOPE' && command !== 'MAIL FROM');
  if (!aboutThisEmail) return { kind: 'try_again', reason, serverIsAway: code !== 'EABORT' };
  // 503: the session was out of step; the e-mail itself was not judged. No answer: the address itself is malformed.
  const isForGood = answer === null || (answer >= 500 && answer !== 503);
  return isForGood ? { kind: 'refused', reason } : { kind: 'try_again', reason, serverIsAway: answer === 421 };
}

function nameOf(code: unknown): string {
  return typeof code === 'string' && /^\w{1,40}$/.test(code) ? code.toLowerCase() : 'error';
}
