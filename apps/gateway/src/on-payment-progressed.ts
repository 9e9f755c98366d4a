// Follows payment.progressed: keeps that a pay-out has left and is on its way, and wakes who waits; it takes back nothing settled.
import type { Batch, Consumer } from '@paystream/messaging';
import { endIfStopped } from '@paystream/messaging';
import type { PaymentProgressed } from '@paystream/topics';
import { uuidOf } from './operation-id.ts';
import type { StatusConsumerOptions } from './on-payment-settled.ts';
import { isOrphan } from './outcomes.ts';
import { NO_SUMS } from './payments/facts.ts';
import { IN_TRANSIT, ofProgressed } from './status/account-changes.ts';
import { toAccountRows } from './status/account-rows.ts';
import type { PaymentState } from './status/payment-states.ts';
import { createRecordReader } from './status/read-records.ts';
import { saveStatus } from './store/save-status.ts';
import { upsertPaymentStates } from './store/upsert-payment-states.ts';
import { announcementOf } from './waiting/announcements.ts';

const TOPIC = 'payment.progressed';
const PROGRESS_GROUP = 'gateway-progress';

export function consumePaymentProgressed(options: StatusConsumerOptions): Promise<Consumer> {
  const { messaging, database, waiters, acceptedHere, publisher } = options;
  const progressing = new WeakMap<Batch, string[]>();
  const reader = createRecordReader({ topic: TOPIC, codec: messaging.codec, publisher, faultOf });
  return messaging.consumeIntoDatabase({
    groupId: PROGRESS_GROUP,
    topic: TOPIC,
    database,
    isolation: 'uncommitted',
    apply: async (batch, move, store) => {
      const progressed = await reader.read(batch.records);
      const states = progressed.flatMap((each) => toState(each) ?? []);
      // The last of each: two of one pay-out cannot be stored by one statement.
      const newest = [...new Map(states.map((state) => [state.paymentUuid, state])).values()];
      const rows = { outcomes: [], ...toAccountRows(progressed.flatMap((each) => ofProgressed(each) ?? [])) };
      const uuids = newest.map(({ paymentUuid }) => paymentUuid);
      const announcement = announcementOf(uuids.filter((uuid) => !acceptedHere.has(uuid)));
      endIfStopped(batch);
      // Both topics' consumers lock in this order: the offset, accounts, states.
      await store.transactionWithRetry(async (transaction) => {
        await saveStatus(transaction, move, rows, announcement);
        await upsertPaymentStates(transaction, newest);
      });
      progressing.set(batch, uuids);
      return [];
    },
    applyPoison: (record, error) => reader.refuse(record, error),
    afterCommit: (batch) => waiters.told(progressing.get(batch) ?? []),
  });
}

function faultOf({ operation, paymentId, balances }: PaymentProgressed): string | undefined {
  if (operation === 'pay_out' && uuidOf('po', paymentId) === undefined) return 'paymentId is not an id';
  return balances?.some(isOrphan) === true ? 'an account has no owner' : undefined;
}

/** Undefined for what is not shown yet: that a customer must act, or that an outcome is unknown. */
function toState({ status, paymentId, ledgerNumber, ledgerIndex }: PaymentProgressed): PaymentState | undefined {
  const paymentUuid = uuidOf('po', paymentId);
  if (paymentUuid === undefined || status !== IN_TRANSIT || ledgerNumber === null) return undefined;
  return {
    ...{ paymentUuid, status, sums: NO_SUMS, fees: [], fx: null, holdEndsAtMicros: null },
    ...{ ledgerNumber, ledgerIndex: ledgerIndex ?? 0 },
  };
}
