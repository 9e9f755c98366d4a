// What the load generator is asked to do, and what it answers; both travel between processes as JSON.

/** A merchant's key with customers of that merchant to pay from. */
export interface Target {
  readonly apiKey: string;
  readonly customers: readonly string[];
}

interface Job {
  readonly gatewayUrl: string;
  readonly targets: readonly Target[];
  /** Makes the idempotency keys of this job unlike those of all others. */
  readonly keyPrefix: string;
}

/** Each connection sends its next request when it has the answer to the last: measures what goes through. */
export interface ClosedLoopJob extends Job {
  readonly kind: 'closed';
  readonly connections: number;
  /** How long a request waits for its final outcome; 0 does not wait. */
  readonly waitSeconds: number;
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

/** What the parent says: begin, tell what happened since it was last told, send nothing more and tell the rest. */
export type GeneratorCommand =
  | { readonly kind: 'start'; readonly job: GeneratorJob }
  | { readonly kind: 'slice' }
  | { readonly kind: 'stop' };

/** One answer to each command; a start has nothing to tell. */
export interface GeneratorMessage {
  readonly answer?: GeneratorAnswer | null;
  readonly error?: string;
}

/** What happened since the last answer, or since the start. */
export interface GeneratorAnswer {
  /** Payments accepted: 201 and 202. */
  readonly accepted: number;
  /** Payments with their final outcome in the answer. */
  readonly final: number;
  /** Anything else, by status or error, with how often it came. */
  readonly trouble: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Of answered requests; in an open loop counted from when the request was due, so that a stall is not left out. */
  readonly latencyMs: Latencies;
  /** Processor time of the generator itself. */
  readonly cpuSeconds: number;
}

export interface Latencies {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}
