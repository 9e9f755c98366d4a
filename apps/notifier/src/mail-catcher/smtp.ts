// Speaks SMTP for the mail catcher: takes whatever is sent to whomever, without encryption or login.
import type { Logger } from '@paystream/telemetry';
import { SMTPServer } from 'smtp-server';
import type { CaughtEmails } from './caught-emails.ts';

const CLIENTS_MAX = 50;
/** Connections that clients keep are cut after this when the catcher stops. */
const CLOSE_TIMEOUT_MS = 500;

export interface CatcherSmtpOptions {
  host: string;
  port: number;
  emails: CaughtEmails;
  logger: Logger;
}

export async function startCatcherSmtp(options: CatcherSmtpOptions): Promise<{ url: string; close(): Promise<void> }> {
  const { host, port, emails, logger } = options;
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    maxClients: CLIENTS_MAX,
    closeTimeout: CLOSE_TIMEOUT_MS,
    size: emails.bytesMax,
    logger: false,
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      let bytes = 0;
      stream.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= emails.bytesMax) chunks.push(chunk);
      });
      stream.on('end', () => {
        if (bytes > emails.bytesMax) return done(Object.assign(new Error('too large'), { responseCode: 552 }));
        emails.add({ to: envelope.rcptTo.map(({ address }) => address), source: Buffer.concat(chunks) });
        done();
      });
    },
  });
  server.on('error', (error) => logger.warn({ err: error }, 'a mail connection broke'));
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.server.address();
  const listening = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `smtp://${host}:${listening}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
