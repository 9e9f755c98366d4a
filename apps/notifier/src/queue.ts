// The only file that knows graphile-worker: runs the sender's jobs, and takes over those of processes that died.
import { EventEmitter } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '@paystream/database';
import type { Logger } from '@paystream/telemetry';
import { Logger as QueueLogger, parseCronItems, run, runMigrations } from 'graphile-worker';
import type { JobHelpers, Task, TaskList, WorkerEvents } from 'graphile-worker';
import type { SendJob, ToRetry } from './email/send-emails.ts';
import { SEND_EMAILS_TASK } from './store/insert-emails.ts';
import { keepPoolAlive } from './store/keep-pool-alive.ts';
import { tidyEmails } from './store/tidy-emails.ts';

const POOL_SIZE_MAX = 3;
/** One job at a time: a job's e-mails already go out side by side, and its look-ups are one statement each. */
const JOBS_CONCURRENTLY = 1;
/** Longer than a pause of the process or of the database that others should sit out. */
const DEAD_AFTER_MS = 10_000;
/** How many signs of life are missed by then: every two seconds comes one. */
const SIGNS_OF_LIFE = 5;
const TIDY_TASK = 'tidy_emails';
/** Every night, as cron writes it. */
const TIDY_TIME = '17 3 * * *';

export interface QueueOptions {
  /** PostgreSQL URL of the notifier's database. */
  url: string;
  database: Database;
  sendEmails: (job: SendJob) => Promise<ToRetry>;
  logger: Logger;
  onFatal(error: unknown): void;
  /** After how long without a sign of life a process's jobs go to others; shorter in tests only. */
  deadAfterMs?: number;
}

/** Brings the queue's own tables forward; needed before anything can be queued. */
export async function migrateQueue({ url, logger }: Pick<QueueOptions, 'url' | 'logger'>): Promise<void> {
  await runMigrations({ connectionString: url, logger: loggerOf(logger) });
}

/** Works on jobs until it is stopped; a job in hand is given back with what of it is unfinished. */
export async function startQueue(options: QueueOptions): Promise<{ stop(): Promise<void> }> {
  const { url, logger, onFatal } = options;
  const stopping = new AbortController();
  const events: WorkerEvents = new EventEmitter();
  let poolId = '';
  events.once('pool:create', ({ workerPool }) => (poolId = workerPool.id));
  const runner = await run({
    connectionString: url,
    maxPoolSize: POOL_SIZE_MAX,
    concurrency: JOBS_CONCURRENTLY,
    noHandleSignals: true,
    logger: loggerOf(logger),
    events,
    taskList: taskListOf(options, stopping.signal),
    parsedCronItems: parseCronItems([{ task: TIDY_TASK, match: TIDY_TIME }]),
  });
  // It ends by itself only when its database connection is beyond its own repair.
  void runner.promise.then(
    () => (stopping.signal.aborted ? undefined : onFatal(new Error('the job queue has ended'))),
    onFatal,
  );
  const life = keepAlive(options, poolId, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await runner.stop();
      await life;
    },
  };
}

function taskListOf(options: QueueOptions, signal: AbortSignal): TaskList {
  const { database, logger } = options;
  return {
    [SEND_EMAILS_TASK]: sendTask(options, signal),
    [TIDY_TASK]: async () => {
      logger.info(await tidyEmails(database), 'old e-mails were given up or forgotten');
    },
  };
}

function sendTask({ sendEmails }: QueueOptions, signal: AbortSignal): Task {
  return async (payload, { job }: JobHelpers) => {
    const notificationIds = textsOf(payload);
    const isLastAttempt = job.attempts >= job.max_attempts;
    const toRetry = await sendEmails({ notificationIds, isLastAttempt, signal });
    // The queue repeats, after a pause, the items whose promise is rejected.
    return notificationIds.map((id) => {
      const reason = toRetry.get(id);
      return reason === undefined ? null : Promise.reject(new Error(reason));
    });
  };
}

function textsOf(payload: unknown): string[] {
  return Array.isArray(payload) ? payload.filter((item) => typeof item === 'string') : [];
}

async function keepAlive(options: QueueOptions, poolId: string, signal: AbortSignal): Promise<void> {
  const { database, logger, deadAfterMs = DEAD_AFTER_MS } = options;
  while (!signal.aborted) {
    try {
      const freed = await keepPoolAlive(database, { poolId, deadAfterMs });
      if (freed > 0) logger.warn({ jobs: freed }, 'took over the jobs of a process that died');
    } catch (error) {
      logger.warn({ err: error }, 'could not say that this process lives; its jobs may be given to another one');
    }
    await wait(deadAfterMs / SIGNS_OF_LIFE, undefined, { signal }).catch(() => undefined);
  }
}

/** The queue tells of every job it does; only what failed is for operators. */
function loggerOf(logger: Logger): QueueLogger {
  const levels = { error: 'warn', warning: 'warn', info: 'debug', debug: 'trace' } as const;
  return new QueueLogger(() => (level, message) => logger[levels[level]](message));
}
