// Reads from the Prefer header (RFC 7240) how long the caller is ready to wait for the final outcome.

export const WAIT_SECONDS_DEFAULT = 5;
export const WAIT_SECONDS_MAX = 30;

const WAIT = /(?:^|[,;\s])wait\s*=\s*"?(?<seconds>\d{1,9})"?\s*(?:$|[,;])/i;

/** Whole seconds, 0 to WAIT_SECONDS_MAX. A preference that cannot be read is no preference, as the RFC asks. */
export function waitSecondsOf(prefer: string | undefined): number {
  if (prefer === undefined) return WAIT_SECONDS_DEFAULT;
  const seconds = WAIT.exec(prefer)?.groups?.['seconds'];
  return seconds === undefined ? WAIT_SECONDS_DEFAULT : Math.min(Number(seconds), WAIT_SECONDS_MAX);
}
