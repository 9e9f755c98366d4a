// Shows caught e-mails over HTTP: a page for people, JSON for scripts and tests.
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { escapeHtml } from '../email/escape-html.ts';
import type { CaughtEmail, CaughtEmails } from './caught-emails.ts';

const SHOWN_DEFAULT = 50;
const SHOWN_MAX = 1_000;

export interface CatcherPagesOptions {
  host: string;
  port: number;
  emails: CaughtEmails;
}

export async function startCatcherPages(
  options: CatcherPagesOptions,
): Promise<{ url: string; close(): Promise<void> }> {
  const { host, port, emails } = options;
  const server = createServer((request, response) => {
    answer(request, response, emails).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  });
  const address = server.address();
  const listening = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host}:${listening}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, emails: CaughtEmails): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://catcher');
  const limit = limitOf(url);
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /':
      return send(response, 'text/html; charset=utf-8', page(await emails.newest(limit), emails.received()));
    case 'GET /messages': {
      const messages = await emails.newest(limit);
      return send(response, 'application/json', JSON.stringify({ received: emails.received(), messages }));
    }
    case 'DELETE /messages':
      emails.clear();
      response.writeHead(204).end();
      return;
    case 'GET /health/live':
    case 'GET /health/ready':
      return send(response, 'application/json', '{"status":"ok"}');
    case 'GET /metrics': {
      const metrics = `mail_catcher_received_total ${emails.received()}\nmail_catcher_kept ${emails.kept()}\n`;
      return send(response, 'text/plain; version=0.0.4', metrics);
    }
    default:
      response.writeHead(404).end();
  }
}

function limitOf(url: URL): number {
  const limit = Number(url.searchParams.get('limit') ?? SHOWN_DEFAULT);
  return Number.isInteger(limit) && limit > 0 ? Math.min(limit, SHOWN_MAX) : SHOWN_DEFAULT;
}

function send(response: ServerResponse, contentType: string, body: string): void {
  // What is shown came by mail: nothing of it may run.
  response.writeHead(200, { 'content-type': contentType, 'content-security-policy': "default-src 'none'" });
  response.end(body);
}

function page(emails: readonly CaughtEmail[], received: number): string {
  const items = emails.map(
    (email) => `<article>
<h2>${escapeHtml(email.subject ?? '(no subject)')}</h2>
<p>${escapeHtml(`#${email.number}, ${email.received_at}, to ${email.to.join(', ')}, ${email.message_id ?? ''}`)}</p>
<pre>${escapeHtml(email.text ?? '')}</pre>
</article>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Caught e-mails</title></head><body>
<h1>Caught e-mails</h1>
<p>${received} received since the start; the newest ${emails.length} are below. As JSON: <a href="/messages">/messages</a></p>
${items.join('\n')}
</body></html>
`;
}
