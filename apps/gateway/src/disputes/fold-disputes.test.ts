// Where a dispute stands after each fact, whatever comes twice or out of place.
import { HOUSE_MERCHANT_ID, newId } from '@paystream/payments';
import { aPaymentSettled } from '@paystream/testkit';
import type { PaymentSettled } from '@paystream/topics';
import { expect, test } from 'vitest';
import { disputeFacts, foldDisputes } from './fold-disputes.ts';

const disputeId = newId('dp');
const merchantId = newId('mer');

type Told = [type: 'opened' | 'won' | 'lost', status: 'succeeded' | 'manual_review', place: number];

function settledFact([type, status, place]: Told, changes: Partial<PaymentSettled> = {}): PaymentSettled {
  return aPaymentSettled({
    operation: 'dispute',
    operationId: newId('dis'),
    merchantId,
    status,
    fact: {
      type: `dispute_${type}`,
      provider: 'sandbox',
      providerEventId: `${place}`,
      providerReference: 'p',
      disputeId,
      amountMinor: type === 'opened' ? 500n : null,
      feeMinor: null,
      currency: 'USD',
      reasonCode: '10.4',
      dueBy: 9n,
      occurredAt: 1n,
    },
    ledgerNumber: BigInt(place),
    ledgerIndex: 0,
    ...changes,
  });
}

test.each<[string, Told[], string]>([
  ['opened', [['opened', 'succeeded', 1]], 'needs_response'],
  ['opened where there was nothing to dispute', [['opened', 'manual_review', 1]], 'manual_review'],
  [
    'won',
    [
      ['opened', 'succeeded', 1],
      ['won', 'succeeded', 2],
    ],
    'won',
  ],
  [
    'lost',
    [
      ['opened', 'succeeded', 1],
      ['lost', 'succeeded', 2],
    ],
    'lost',
  ],
  [
    'won for another amount',
    [
      ['opened', 'succeeded', 1],
      ['won', 'manual_review', 2],
    ],
    'manual_review',
  ],
  [
    'opened again',
    [
      ['opened', 'succeeded', 1],
      ['opened', 'manual_review', 2],
    ],
    'needs_response',
  ],
  [
    'lost after it was won',
    [
      ['opened', 'succeeded', 1],
      ['won', 'succeeded', 2],
      ['lost', 'manual_review', 3],
    ],
    'won',
  ],
  [
    'read again from the start',
    [
      ['opened', 'succeeded', 1],
      ['won', 'succeeded', 2],
      ['opened', 'succeeded', 1],
    ],
    'won',
  ],
  ['lost, never having been opened', [['lost', 'manual_review', 1]], 'manual_review'],
])('a dispute %s', (_name, told, status) => {
  const batch = told.map((each) => settledFact(each));
  expect(foldDisputes(disputeFacts(batch), new Map())).toMatchObject([{ status }]);
  // The same one by one.
  const known = new Map();
  for (const settled of batch) {
    for (const dispute of foldDisputes(disputeFacts([settled]), known)) known.set(dispute.uuid, dispute);
  }
  expect([...known.values()]).toEqual(foldDisputes(disputeFacts(batch), new Map()));
});

test('what it was opened with stays, whatever its end says', () => {
  const batch = [settledFact(['opened', 'succeeded', 1]), settledFact(['lost', 'succeeded', 2])];
  expect(foldDisputes(disputeFacts(batch), new Map())).toMatchObject([{ amountMinor: 500n, status: 'lost' }]);
});

test('disputes of the house, and what is none, are nobody’s', () => {
  const batch = [
    settledFact(['opened', 'manual_review', 1], { merchantId: HOUSE_MERCHANT_ID }),
    settledFact(['opened', 'succeeded', 2], { operation: 'return' }),
    aPaymentSettled({}),
  ];
  expect(disputeFacts(batch)).toEqual([]);
});
