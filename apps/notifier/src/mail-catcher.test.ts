// The mail catcher as a process: what is sent by SMTP can be read at its URL, and its memory has a bound.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCaughtEmails } from './mail-catcher/caught-emails.ts';

const MAIN = fileURLToPath(new URL('mail-catcher.ts', import.meta.url));

describe('the process', () => {
  let child: ChildProcess;
  let info: { smtp_url: string; url: string };

  beforeEach(async () => {
    const env = { ...process.env, MAIL_CATCHER_PORT: '0', MAIL_CATCHER_SMTP_PORT: '0', LOG_LEVEL: 'warn' };
    child = fork(MAIN, { env, execArgv: [] });
    const [message] = (await once(child, 'message')) as [{ type: 'ready'; info: typeof info }];
    info = message.info;
  });

  afterEach(async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  });

  async function send(subject: string, text: string): Promise<void> {
    const transport = createTransport(info.smtp_url);
    await transport.sendMail({ from: 'a@example.org', to: ['b@example.org', 'c@example.org'], subject, text });
    transport.close();
  }

  async function messages(query = ''): Promise<Record<string, unknown>> {
    return (await (await fetch(`${info.url}/messages${query}`)).json()) as Record<string, unknown>;
  }

  it('shows what was sent, the newest first, and forgets it when told to', async () => {
    await send('first', 'Grüße aus Köln');
    await send('second', 'x');
    expect(await messages()).toMatchObject({
      received: 2,
      messages: [
        { number: 2, subject: 'second' },
        {
          number: 1,
          subject: 'first',
          text: 'Grüße aus Köln\n',
          from: 'a@example.org',
          to: ['b@example.org', 'c@example.org'],
        },
      ],
    });
    expect((await messages('?limit=1'))['messages']).toHaveLength(1);
    expect((await fetch(`${info.url}/messages`, { method: 'DELETE' })).status).toBe(204);
    expect(await messages()).toEqual({ received: 2, messages: [] });
  });

  it('has a page for people on which nothing of an e-mail can run', async () => {
    await send('<script>alert(1)</script>', '<img src=x onerror=alert(1)>');
    const response = await fetch(info.url);
    const page = await response.text();
    expect(response.headers.get('content-security-policy')).toBe("default-src 'none'");
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).not.toMatch(/<script|<img/);
  });

  it('answers probes', async () => {
    expect((await fetch(`${info.url}/health/ready`)).status).toBe(200);
    expect(await (await fetch(`${info.url}/metrics`)).text()).toContain('mail_catcher_received_total 0');
  });

  it('refuses an e-mail that is too large and goes on', async () => {
    await expect(send('large', 'x'.repeat(300_000))).rejects.toThrow('552');
    await send('small', 'x');
    expect((await messages())['received']).toBe(1);
  });
});

describe('what is kept', () => {
  it('is bounded by number', () => {
    const emails = createCaughtEmails();
    for (let count = 0; count < 1_500; count += 1) emails.add({ to: [], source: Buffer.from('Subject: x\r\n\r\n') });
    expect([emails.received(), emails.kept()]).toEqual([1_500, 1_000]);
  });

  it('is bounded by size', () => {
    const emails = createCaughtEmails();
    for (let count = 0; count < 300; count += 1) emails.add({ to: [], source: Buffer.alloc(emails.bytesMax) });
    expect(emails.kept()).toBe((32 * 1024 * 1024) / emails.bytesMax);
  });
});
