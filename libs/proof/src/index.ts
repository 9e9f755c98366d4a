// Re-derives the books from the log by an independent fold; shares nothing with the ledger but the money type.
export { LOOKUP_SIZE_MAX } from './check-repetitions.ts';
export { describeDifference } from './describe.ts';
export type { Difference } from './differences.ts';
export { DIFFERENCES_KEPT_MAX } from './differences.ts';
export type {
  AccountRow,
  AskedOperation,
  AskedRecord,
  Books,
  Chunks,
  DeadLetter,
  OperationRow,
  PartitionLog,
  PostingRow,
  ReportedBalance,
  SettledRecord,
} from './inputs.ts';
export type { ProofInput, ProofReport } from './prove.ts';
export { proveBooks } from './prove.ts';
