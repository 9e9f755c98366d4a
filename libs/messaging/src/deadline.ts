// Gives up waiting for work that may never end: kafkajs can wait for ever on a connection that is half open.
import { DeadlineError } from './errors.ts';

/** The one deadline for everything that is sent: produce, transaction, fence, look-up. */
export const SEND_DEADLINE_MS = 10_000;

/**
 * Resolves or rejects as the work does, or rejects with DeadlineError. The work is not stopped by that: whoever gives up
 * on it throws away the client that does it.
 */
export async function withDeadline<T>(
  work: Promise<T>,
  what: string,
  deadlineMs: number = SEND_DEADLINE_MS,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DeadlineError(what, deadlineMs)), deadlineMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // Whoever lost the race may still reject; nobody is listening any more.
    work.catch(() => undefined);
  }
}
