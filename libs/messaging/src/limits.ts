// The defaults of consumers that several files share.

/** Batches handled at the same time by one consumer: 1 is 70,000 records/s at 30 ms a batch, 6 is 208,000. */
export const PARTITIONS_CONCURRENTLY = 3;
/** Records applied in one database transaction. */
export const RECORDS_PER_APPLY_MAX = 2_000;
/** The group gives a member's partitions away after this silence; brokers refuse less by default. */
export const SESSION_TIMEOUT_MS = 6_000;
