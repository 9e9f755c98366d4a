// Names what the notifier counts.
import type { Counter, Histogram, Metrics } from '@paystream/telemetry';

/** What became of an e-mail in one attempt. */
export type EmailResult = 'sent' | 'skipped' | 'failed' | 'to_retry';

export interface NotifierMetrics {
  notifications: Counter;
  emails: Counter;
  sendSeconds: Histogram;
  /** How many notifications of a batch were new, known already, and not usable. */
  countBatch(counts: { queued: number; known: number; dead: number }): void;
  countEmails(result: EmailResult, count: number): void;
}

export interface JobBacklog {
  jobs: number;
  oldestSeconds: number;
}

export function createNotifierMetrics(metrics: Metrics, readBacklog: () => Promise<JobBacklog>): NotifierMetrics {
  const notifications = metrics.counter('notifier_notifications_total', 'Notifications read, by result.', ['result']);
  const emails = metrics.counter('notifier_emails_total', 'Attempts to send, by result.', ['result']);
  const sendSeconds = metrics.histogram(
    'notifier_send_duration_seconds',
    'Time to hand one e-mail to the mail server.',
  );
  metrics.gauge(
    'notifier_jobs',
    'Jobs that wait or run, each of some e-mails.',
    [],
    async () => (await readBacklog()).jobs,
  );
  metrics.gauge(
    'notifier_oldest_job_age_seconds',
    'How long the oldest job that is due has waited.',
    [],
    async () => (await readBacklog()).oldestSeconds,
  );
  return {
    notifications,
    emails,
    sendSeconds,
    countBatch: (counts) => {
      for (const [result, count] of Object.entries(counts)) notifications.inc({ result }, count);
    },
    countEmails: (result, count) => emails.inc({ result }, count),
  };
}
