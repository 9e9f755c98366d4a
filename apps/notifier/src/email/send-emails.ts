// Sends the e-mails of one job: looks up everybody at once, skips who has no address, sends the others, records them.
import type { Database } from '@paystream/database';
import type { Vault } from '@paystream/personal-data';
import { faultPoint } from '@paystream/runtime';
import type { Logger } from '@paystream/telemetry';
import type { NotifierMetrics } from '../metrics.ts';
import { finishEmails } from '../store/finish-emails.ts';
import type { Contact } from '../store/load-contacts.ts';
import { loadContacts } from '../store/load-contacts.ts';
import type { WaitingEmail } from '../store/load-waiting-emails.ts';
import { loadWaitingEmails } from '../store/load-waiting-emails.ts';
import type { MailServer, SendResult } from './mail-server.ts';
import { renderEmail } from './render-email.ts';
import type { SentEmails } from './sent-emails.ts';
import { createSentEmails } from './sent-emails.ts';
import { isTemplate } from './templates.ts';

export interface SendEmailsOptions {
  database: Database;
  contacts: Database;
  vault: Vault;
  mailServer: MailServer;
  /** How many are handed over at once. */
  concurrency: number;
  metrics: NotifierMetrics;
  logger: Logger;
}

export interface SendJob {
  notificationIds: readonly string[];
  /** No attempt follows: what fails now has failed. */
  isLastAttempt: boolean;
  signal: AbortSignal;
}

/** Resolves to why each e-mail must be tried again, by notification id; what is absent is finished. */
export type ToRetry = ReadonlyMap<string, string>;

export function createSendEmails(options: SendEmailsOptions): (job: SendJob) => Promise<ToRetry> {
  const { database, contacts, vault, metrics } = options;
  return async (job) => {
    const waiting = await loadWaitingEmails(database, job.notificationIds);
    const known = await loadContacts(contacts, vault, [...new Set(waiting.map((email) => email.customerId))]);
    await skip(
      options,
      waiting.filter((email) => !known.has(email.customerId)),
    );
    const toRetry = new Map<string, string>();
    const sent = createSentEmails((notificationIds) => recordSent(options, notificationIds));
    let stopReason: string | null = null;
    const sendNext = async (email: WaitingEmail): Promise<void> => {
      const contact = known.get(email.customerId);
      if (contact === undefined) return;
      stopReason ??= job.signal.aborted ? 'stopping' : null;
      if (stopReason !== null) {
        toRetry.set(email.notificationId, stopReason);
        return;
      }
      const result = await sendOne(options, { email, contact, signal: job.signal });
      // One look is enough while the mail server is away: the others of this job wait too.
      if (result.kind === 'try_again' && result.serverIsAway) stopReason = result.reason;
      await settle(options, { email, result, job, toRetry, sent });
    };
    try {
      await eachConcurrently(waiting, options.concurrency, sendNext);
    } finally {
      await sent.flush();
    }
    metrics.countEmails('to_retry', toRetry.size);
    return toRetry;
  };
}

async function skip({ database, metrics }: SendEmailsOptions, emails: readonly WaitingEmail[]): Promise<void> {
  const notificationIds = emails.map((email) => email.notificationId);
  await finishEmails(database, { notificationIds, status: 'skipped', reason: 'no_address' });
  metrics.countEmails('skipped', emails.length);
}

interface OneEmail {
  email: WaitingEmail;
  contact: Contact | 'unreadable';
  signal: AbortSignal;
}

/** What is wrong with one e-mail is its own trouble: the others of its job go out. */
async function sendOne({ mailServer, metrics }: SendEmailsOptions, one: OneEmail): Promise<SendResult> {
  const { email, contact, signal } = one;
  if (contact === 'unreadable') return { kind: 'try_again', reason: 'contact_unreadable', serverIsAway: false };
  // A newer version may have queued it; when that runs again it knows the words.
  if (!isTemplate(email.template)) return { kind: 'try_again', reason: 'unknown_template', serverIsAway: false };
  const startedAt = performance.now();
  const to = { address: contact.email, name: contact.name };
  const outgoing = { ...renderEmail(email, contact), to, notificationId: email.notificationId };
  const result = await mailServer.send(outgoing, signal);
  if (result.kind === 'sent') metrics.sendSeconds.observe((performance.now() - startedAt) / 1_000);
  return result;
}

interface Attempted {
  email: WaitingEmail;
  result: SendResult;
  job: SendJob;
  toRetry: Map<string, string>;
  sent: SentEmails;
}

async function settle({ database, metrics, logger }: SendEmailsOptions, attempted: Attempted): Promise<void> {
  const { email, result, job, toRetry, sent } = attempted;
  if (result.kind === 'sent') {
    faultPoint('notifier.email_sent');
    await sent.note(email.notificationId);
    return;
  }
  if (result.kind === 'try_again' && (!job.isLastAttempt || job.signal.aborted)) {
    toRetry.set(email.notificationId, result.reason);
    return;
  }
  await finishEmails(database, {
    notificationIds: [email.notificationId],
    status: 'failed',
    reason: result.reason,
  });
  metrics.countEmails('failed', 1);
  logger.warn({ notificationId: email.notificationId, reason: result.reason }, 'an e-mail cannot be sent');
}

async function recordSent({ database, metrics }: SendEmailsOptions, notificationIds: readonly string[]): Promise<void> {
  await finishEmails(database, { notificationIds, status: 'sent' });
  metrics.countEmails('sent', notificationIds.length);
}

/** Takes items in order, so many at once. */
async function eachConcurrently<T>(
  items: readonly T[],
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const lane = async () => {
    for (const item of rest) await work(item);
  };
  // A lane that fails must not leave the others at work behind the job's back.
  const results = await Promise.allSettled(Array.from({ length: concurrency }, lane));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
