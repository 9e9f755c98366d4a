// Says each difference in plain words with the ids that lead to it.

import type { Difference, LogPlace } from './differences.ts';
import type { Place } from './rows.ts';

/** One sentence per difference, for people; amounts are minor units. */
export function describeDifference(difference: Difference): string {
  switch (difference.kind) {
    case 'record_unreadable':
      return `${placeOnLog(difference)} cannot be read: ${difference.why}`;
    case 'record_misplaced':
      return `${difference.operationId}: ${placeOnLog(difference)} is out of place: ${difference.why}`;
    case 'record_without_origin':
      return `${difference.operationId}: ${placeOnLog(difference)} was asked by nobody`;
    case 'record_not_as_asked':
      return `${difference.operationId}: ${difference.field} should be ${difference.expected}, ${placeOnLog(difference)} says ${difference.found}`;
    case 'terms_wrong':
      return `${difference.operationId}: ${difference.field} by what was in force should be ${difference.expected}, ${recordOf(difference)} says ${difference.found}`;
    case 'accepted_not_requested':
      return `${difference.operationId}: was accepted, and is not on payment.requested`;
    case 'accepted_dead_lettered':
      return `${difference.operationId}: was accepted, and ended as a dead letter`;
    case 'requested_not_processed':
      return `${difference.operationId}: was requested, and is not on payment.processed though what came with it is`;
    case 'event_not_published':
      return `${difference.event}: a provider told it and it was published, yet it is not on provider.event`;
    case 'event_not_processed':
      return `${difference.event}: a provider told it, and it is not on payment.processed though what came with it is`;
    case 'dead_letter_of_nothing':
      return `a dead letter names ${recordOf(difference)}, where there is no record`;
    case 'lawful_dead_lettered':
      return `${difference.operationId}: ${recordOf(difference)} is lawful (${difference.status}), yet it was set aside as a dead letter and nothing decided it`;
    case 'progressed_after_settled':
      return `${difference.operationId}: was final before it was admitted from ${recordOf(difference)}`;
    case 'books_behind_log':
      return `${recordOf(difference)} and what follows, up to ${difference.end}, is on the log and not in the books`;
    case 'books_beyond_log':
      return `the books have read payment.processed ${difference.partition} up to ${difference.cut}, the log ends at ${difference.offset}`;
    case 'books_older_than_published':
      return `the books reach to ${recordOf(difference)}, what they decided was published up to ${difference.published}: they are old, or were emptied`;
    case 'settled_beyond_log':
      return `${difference.operationId}: an outcome names ${recordOf(difference)}, the log ends at ${difference.end}`;
    case 'record_without_decision':
      return `${recordOf(difference)} (${difference.operationId ?? 'unreadable'}) was neither decided nor dead-lettered, and is no repetition`;
    case 'first_record_not_taken':
      return `${difference.operationId}: ${recordOf(difference)} came first, but the books decided on offset ${difference.takenOffset}`;
    case 'settled_without_record':
      return `${difference.operationId}: an outcome names ${recordOf(difference)}, where there is no such operation`;
    case 'settled_twice':
      return `${difference.operationId}: the outcome was published more than once (again from ${recordOf(difference)})`;
    case 'settled_of_nothing':
      return `${difference.operationId}: an outcome of ${recordOf(difference)} was published that the books never had`;
    case 'settled_out_of_order':
      return `${difference.operationId}: its outcome is out of order, that of ${recordOf(difference)}`;
    case 'settled_though_dead_lettered':
      return `${difference.operationId}: ${recordOf(difference)} was settled and dead-lettered as well`;
    case 'settled_though_unlawful':
      return `${operationAt(difference)}: was settled, but ${difference.why}`;
    case 'decision_wrong':
      return `${operationAt(difference)}: should be "${difference.expected}", the log says "${difference.found}"`;
    case 'price_wrong':
      return `${operationAt(difference)}: by its own terms ${difference.field} is ${difference.expected}, payment.processed says ${difference.found}`;
    case 'settled_field_wrong':
      return `${operationAt(difference)}: ${difference.field} should be ${difference.expected}, its outcome says ${difference.found}`;
    case 'settled_balance_wrong':
      return `${operationAt(difference)}: ${difference.field} of ${difference.accountId} should be ${difference.expected}, its outcome says ${difference.found}`;
    case 'settled_balance_missing':
      return `${operationAt(difference)}: its outcome does not report ${difference.accountId}, which decided it`;
    case 'version_hole':
      return `${operationAt(difference)}: version of ${difference.accountId} should be ${difference.expected}, its outcome says ${difference.found}`;
    default:
      return describeBooksDifference(difference);
  }
}

type BooksDifference = Extract<
  Difference,
  {
    kind:
      | `operation_${string}`
      | `posting_${string}`
      | `account_${string}`
      | `payment_${string}`
      | `dispute_${string}`
      | `spend_${string}`
      | `view_${string}`
      | 'correction_wrong'
      | 'ledger_numbers_behind'
      | 'schema_wrong'
      | 'balance_wrong'
      | 'currency_sum_not_zero';
  }
>;

function describeBooksDifference(difference: BooksDifference): string {
  switch (difference.kind) {
    case 'operation_missing':
      return `${operationAt(difference)}: settled, but the books hold no such decision`;
    case 'operation_extra':
      return `${operationAt(difference)}: the books hold a decision that was never published`;
    case 'operation_changed':
      return `${operationAt(difference)}: ${difference.field} should be ${difference.expected}, the books say ${difference.found}`;
    case 'posting_missing':
      return `${operationAt(difference)}: line ${difference.line} is missing in the books: ${difference.posting}`;
    case 'posting_extra':
      return `ledger ${placeOf(difference)}: line ${difference.line} is in the books and follows from nothing: ${difference.posting}`;
    case 'posting_changed':
      return `${operationAt(difference)}: ${difference.field} of line ${difference.line} should be ${difference.expected}, the books say ${difference.found}`;
    case 'account_missing':
      return `${difference.accountId}: missing in the books, should hold ${difference.expectedMinor}`;
    case 'account_extra':
      return `${difference.accountId}: the books hold ${difference.foundMinor} there, the log never names it`;
    case 'balance_wrong':
      return `${difference.accountId}: ${difference.field} should be ${difference.expected}, the books say ${difference.found}`;
    case 'payment_missing':
    case 'dispute_missing':
      return `${idOf(difference)}: missing in the books, should be ${difference.status}`;
    case 'payment_extra':
    case 'dispute_extra':
      return `${idOf(difference)}: the books hold it, it follows from nothing`;
    case 'payment_wrong':
    case 'dispute_wrong':
      return `${idOf(difference)}: ${difference.field} should be ${difference.expected}, the books say ${difference.found}`;
    case 'correction_wrong':
      return `${difference.ofOperationId}: corrected by ${difference.expected ?? 'nothing'}, the books say by ${difference.found ?? 'nothing'}`;
    case 'spend_missing':
      return `${difference.subject}: spent ${difference.spend}, the books do not count it`;
    case 'spend_extra':
      return `${difference.subject}: the books count ${difference.spend}, which follows from nothing`;
    case 'ledger_numbers_behind':
      return `the next ledger number is ${difference.next}, the books already hold ${difference.last}`;
    case 'view_row_missing':
      return `${difference.table} ${difference.key}: missing, should be ${difference.expected}`;
    case 'view_row_extra':
      return `${difference.table} ${difference.key}: follows from nothing: ${difference.found}`;
    case 'view_row_wrong':
      return `${difference.table} ${difference.key}: should be ${difference.expected}, is ${difference.found}`;
    case 'schema_wrong':
      return `${difference.object}: by the migrations ${difference.expected}, the database has ${difference.found}`;
    case 'currency_sum_not_zero':
      return `${difference.currency}: all balances together should be 0, the books sum to ${difference.sumMinor}`;
  }
}

function idOf(difference: { readonly paymentId: string } | { readonly disputeId: string }): string {
  return 'paymentId' in difference ? difference.paymentId : difference.disputeId;
}

function recordOf(record: { readonly partition: number; readonly offset: bigint }): string {
  return `payment.processed ${record.partition}@${record.offset}`;
}

function placeOnLog({ topic, partition, offset }: LogPlace): string {
  return `${topic} ${partition}@${offset}`;
}

function placeOf(place: Place): string {
  return `${place.ledgerNumber}/${place.index}`;
}

function operationAt(operation: Place & { readonly operationId: string }): string {
  return `${operation.operationId} (ledger ${placeOf(operation)})`;
}
