// Reads from the Prefer header (RFC 7240) how long the caller is ready to wait for the final outcome.

export const WAIT_SECONDS_DEFAULT = 5;
export const WAIT_SECONDS_MAX = 30;
const MILLISECONDS_PER_SECOND = 1_000;

const WAIT = /(?:^|[,;\s])wait\s*=\s*"?(?<seconds>\d{1,9})"?\s*(?:$|[,;])/i;

/** Up to WAIT_SECONDS_MAX, in milliseconds. A preference that cannot be read is no preference, as the RFC asks. */
export function waitMsOf(prefer: string | undefined): number {
  const seconds = prefer === undefined ? undefined : WAIT.exec(prefer)?.groups?.['seconds'];
  const wanted = seconds === undefined ? WAIT_SECONDS_DEFAULT : Math.min(Number(seconds), WAIT_SECONDS_MAX);
  return wanted * MILLISECONDS_PER_SECOND;
}
