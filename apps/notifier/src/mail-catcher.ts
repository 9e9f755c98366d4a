// Runs the mail catcher of development as a process: takes every e-mail, delivers none, and shows the last ones.
import { commonProperties, port, readConfigOrExit } from '@paystream/config';
import { runApp } from '@paystream/runtime';
import { createLogger } from '@paystream/telemetry';
import { Type } from 'typebox';
import { createCaughtEmails } from './mail-catcher/caught-emails.ts';
import { startCatcherPages } from './mail-catcher/pages.ts';
import { startCatcherSmtp } from './mail-catcher/smtp.ts';
import { yieldToPayments } from './yield-to-payments.ts';

const HTTP_PORT = 8025;
const SMTP_PORT = 1025;

const config = readConfigOrExit(
  Type.Object({
    ...commonProperties,
    MAIL_CATCHER_HOST: Type.String({
      default: '127.0.0.1',
      description: 'the address on which the mail catcher listens',
    }),
    MAIL_CATCHER_PORT: port(HTTP_PORT, "the mail catcher's pages"),
    MAIL_CATCHER_SMTP_PORT: port(SMTP_PORT, "the mail catcher's SMTP"),
  }),
  process.env,
);

await runApp({
  name: 'mail-catcher',
  logger: createLogger({ name: 'mail-catcher', level: config.LOG_LEVEL }),
  start: async ({ logger }) => {
    yieldToPayments();
    const host = config.MAIL_CATCHER_HOST;
    const emails = createCaughtEmails();
    const smtp = await startCatcherSmtp({ host, port: config.MAIL_CATCHER_SMTP_PORT, emails, logger });
    const pages = await startCatcherPages({ host, port: config.MAIL_CATCHER_PORT, emails });
    return {
      ready: () => true,
      info: { smtp_url: smtp.url, url: pages.url },
      stop: async () => {
        await smtp.close();
        await pages.close();
      },
    };
  },
});
