// What the load generator is asked to do, and what it answers; both travel between processes as JSON.

/** A merchant's key with customers of that merchant to pay from. */
export interface Target {
  readonly apiKey: string;
  readonly customers: readonly string[];
}

interface Job {
  readonly gatewayUrl: string;
  readonly targets: readonly Target[];
  readonly seconds: number;
  /** Makes the idempotency keys of this job unlike those of all others. */
  readonly keyPrefix: string;
}

/** Each connection sends its next request when it has the answer to the last: measures what goes through. */
export interface ClosedLoopJob extends Job {
  readonly kind: 'closed';
  readonly connections: number;
}

/** As `closed`, with many payments in each request to /v1/payments/batch. */
export interface BatchJob extends Job {
  readonly kind: 'batch';
  readonly connections: number;
  readonly linesPerRequest: number;
}

/** Sends at a fixed rate whatever the answers do, and waits for final outcomes: measures how long they take. */
export interface OpenLoopJob extends Job {
  readonly kind: 'open';
  readonly perSecond: number;
}

export type GeneratorJob = ClosedLoopJob | BatchJob | OpenLoopJob;

export interface GeneratorAnswer {
  /** Payments accepted: 201 and 202. */
  readonly accepted: number;
  /** Payments with their final outcome in the answer. */
  readonly final: number;
  /** Anything else, by status or error, with how often it came. */
  readonly trouble: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Of answered requests; in an open loop counted from when the request was due, so that a stall is not left out. */
  readonly latencyMs: { readonly p50: number | null; readonly p99: number | null; readonly max: number | null };
  /** Processor time of the generator itself. */
  readonly cpuSeconds: number;
}
