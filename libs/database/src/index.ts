// The only room that knows pg: pool, transaction, migrate, offsets and outgoing events.
export { createDatabase } from './database.ts';
export type { DatabaseOptions } from './database.ts';
export { CommitUnknownError, InvariantError, QUERY_CANCELED, classifyError, sqlStateOf } from './errors.ts';
export type { ErrorClass } from './errors.ts';
export { CONSUMER_OFFSETS_SQL, OffsetMovedError, moveOffset, readOffset, readOffsets } from './offsets.ts';
export type { OffsetKey, OffsetMove } from './offsets.ts';
export { OUTGOING_EVENTS_SQL, deleteOutgoing, insertOutgoing, outgoingPart, readOutgoing } from './outgoing.ts';
export type { InputPartition, OutgoingEvent, OutgoingEvents, OutgoingHeaders, OutgoingRange } from './outgoing.ts';
export { CHUNK_ROWS_MAX, readInChunks } from './read-in-chunks.ts';
export { rowsParameter } from './rows-parameter.ts';
export type { RowValue } from './rows-parameter.ts';
export type { CommittingTransaction, Database, Query, Queryable, Transaction, TransactionOptions } from './types.ts';
