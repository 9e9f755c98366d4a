// Shows that each way in which an operation can be lost, changed or come from nowhere between gateway and books is named once.

import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { describeDifference } from '../describe.ts';
import type { Difference } from '../differences.ts';
import { createDifferences } from '../differences.ts';
import type { AskedOperation, Chunks } from '../inputs.ts';
import type { Fate } from '../partition-cursor.ts';
import { ask, fact, NOON, SECOND } from '../testing/ask.ts';
import type { AcceptedRow } from './accepted.ts';
import type { ToldEvent } from './chain.ts';
import { createChain } from './chain.ts';
import { checkProviderEvents } from './provider-events.ts';

const digestOf = (text: string): bigint => hash('sha1', text, 'buffer').readBigUInt64LE(0);
const [one, two, merchant, customer] = ['1', '2', 'a', 'c'].map((digit) => digit.repeat(32)) as [
  string,
  string,
  string,
  string,
];

async function* chunk<Item>(items: readonly Item[]): Chunks<Item> {
  if (items.length > 0) yield await Promise.resolve(items);
}

const row = (digits: string, overrides: Partial<AcceptedRow> = {}): AcceptedRow => ({
  ...{ digits, operation: 'pay', paymentId: null, environment: 'test', merchant, customer, amountMinor: 100n },
  ...{ currency: 'USD', requestedAt: NOON, terms: null },
  ...overrides,
});

const told = (digits: string, overrides: Partial<AskedOperation> = {}): AskedOperation =>
  ask({ operationId: `pay_${digits}`, merchantId: `mer_${merchant}`, customerId: `cus_${customer}`, ...overrides });

const event: ToldEvent = {
  ...{ provider: 'sandbox', providerEventId: 'evt_1', type: 'dispute_opened', environment: 'test' },
  ...{ merchantId: `mer_${merchant}`, customerId: `cus_${customer}`, paymentId: `pay_${one}`, operationId: null },
  ...{ disputeId: 'dp_1', amountMinor: 100n, feeMinor: null, currency: 'USD', receivedAt: NOON },
};
const disputed = told(two, { ...fact('dispute_opened'), operationId: `dis_${two}`, paymentId: `pay_${one}` });

interface Play {
  rows: AcceptedRow[];
  unpublished: string[];
  now: AcceptedRow[];
  events: ToldEvent[];
  requested: { value: AskedOperation; isPutAside?: boolean }[];
  processed: [operation: AskedOperation, fate?: Fate][];
  processedBefore: bigint;
  takenAt: bigint;
  booksAreBehind: boolean;
  falseEvents: ToldEvent[];
}

/** One payment, accepted, requested and processed, and a dispute of it. */
const honest = (): Play => ({
  rows: [row(one)],
  unpublished: [],
  now: [row(one)],
  events: [event],
  requested: [{ value: told(one) }],
  processed: [[told(one)], [disputed]],
  processedBefore: 100n,
  takenAt: NOON + 120n * SECOND,
  booksAreBehind: false,
  falseEvents: [],
});

async function playChain(play: Play): Promise<readonly Difference[]> {
  const differences = createDifferences();
  const chain = createChain({
    accepted: () => chunk(play.rows),
    unpublished: chunk(play.unpublished.map((digits) => ({ digits }))),
    takenAt: play.takenAt,
    acceptedNow: (digits) => Promise.resolve(play.now.filter((each) => digits.includes(each.digits))),
    eventsNow: () => Promise.resolve(play.events),
    processedBefore: [play.processedBefore],
    digestOf,
    differences,
  });
  await chain.load();
  for (const [offset, { value, isPutAside = false }] of play.requested.entries()) {
    await chain.requested({ value, partition: 0, offset: BigInt(offset), isPutAside });
  }
  for (const [offset, [operation, fate = 'decided']] of play.processed.entries()) {
    await chain.processed(operation, { partition: 0, offset: BigInt(offset) }, fate);
  }
  await chain.finish({ booksAreBehind: play.booksAreBehind, falseEvents: play.falseEvents });
  return differences.kept();
}

const both = [row(one), row(two)];
const quiet: [what: string, change: (play: Play) => void][] = [
  [
    'what became of a forged event',
    (play) => {
      Object.assign(play, { events: [], falseEvents: [event] });
    },
  ],

  ['an honest chain', () => {}],
  [
    'a repetition on either topic',
    (play) => {
      play.requested.push({ value: told(one) });
      play.processed.push([told(one), 'undecided']);
    },
  ],
  [
    'an operation that is about to be published',
    (play) => {
      Object.assign(play, { rows: both, unpublished: [two], takenAt: NOON });
    },
  ],
  [
    'an operation that was accepted after the picture',
    (play) => {
      play.now = both;
      play.requested.push({ value: told(two) });
      play.processed.push([told(two)]);
    },
  ],
  [
    'a request that the processor has not reached',
    (play) => {
      Object.assign(play, { rows: both, now: both, processedBefore: 1n });
      play.requested.push({ value: told(two) });
    },
  ],
  [
    'a request that books that are behind have not reached',
    (play) => {
      Object.assign(play, { rows: both, now: both, booksAreBehind: true });
      play.requested.push({ value: told(two) });
    },
  ],
  ['a forged request that was put aside', (play) => play.requested.push({ value: told(two), isPutAside: true })],
  ['a forged record that was put aside', (play) => play.processed.push([told(two), 'dead_letter'])],
  [
    'terms that the gateway completed',
    (play) => {
      play.rows = [row(one, { terms: '{"capture":{"final":true}}' })];
      play.now = play.rows;
      const value = told(one, { capture: { final: true } });
      Object.assign(play, { requested: [{ value }], processed: [[value]] });
    },
  ],
];

const processedAt = (offset: bigint, overrides: object) => ({
  topic: 'payment.processed',
  partition: 0,
  offset,
  ...overrides,
});
const loud: [what: string, change: (play: Play) => void, difference: object][] = [
  [
    'a forged request, and not what became of it',
    (play) => {
      play.requested.push({ value: told(two) });
      play.processed.push([told(two)]);
    },
    { kind: 'record_without_origin', topic: 'payment.requested' },
  ],

  ['a forged record', (play) => play.processed.push([told(two)]), processedAt(2n, { kind: 'record_without_origin' })],
  ['a forged repetition', (play) => play.processed.push([told(two), 'undecided']), { kind: 'record_without_origin' }],
  [
    'a forged dispute',
    (play) => {
      play.events = [];
    },
    processedAt(1n, { kind: 'record_without_origin', operationId: `dis_${two}` }),
  ],
  [
    'a dispute of another amount',
    (play) => {
      play.events = [{ ...event, amountMinor: 99n }];
    },
    processedAt(1n, { kind: 'record_without_origin' }),
  ],
  [
    'a forged request',
    (play) => play.requested.push({ value: told(two) }),
    { kind: 'record_without_origin', topic: 'payment.requested' },
  ],
  [
    'an amount changed on its way',
    (play) => {
      play.processed[0] = [told(one, { amountMinor: 101n })];
      play.processed.push([told(one), 'undecided']);
    },
    processedAt(0n, { kind: 'record_not_as_asked', field: 'amountMinor', expected: '100', found: '101' }),
  ],
  [
    'an environment changed on its way',
    (play) => {
      play.processed.push([told(one, { environment: 'live' }), 'undecided']);
    },
    { kind: 'record_not_as_asked', field: 'environment' },
  ],
  [
    'terms changed before they were requested',
    (play) => {
      play.rows = [row(one, { terms: '{"capture":{"final":true}}' })];
      play.now = play.rows;
      const value = told(one, { capture: { final: true } });
      Object.assign(play, {
        requested: [{ value }, { value: told(one, { capture: { final: false } }) }],
        processed: [[value]],
      });
    },
    { kind: 'record_not_as_asked', topic: 'payment.requested', field: 'capture' },
  ],
  [
    'terms changed after they were requested',
    (play) => {
      play.processed.push([told(one, { sourceCurrency: 'EUR' }), 'undecided']);
    },
    { kind: 'record_not_as_asked', field: 'terms' },
  ],
  [
    'a lost request',
    (play) => {
      play.requested = [];
    },
    { kind: 'accepted_not_requested', operationId: `pay_${one}` },
  ],
  [
    'an operation that waits in the outbox for too long',
    (play) => {
      Object.assign(play, { rows: both, unpublished: [two] });
    },
    { kind: 'accepted_not_requested', operationId: `pay_${two}` },
  ],
  [
    'a request that was never processed',
    (play) => {
      Object.assign(play, { rows: both, now: both });
      play.requested.push({ value: told(two) });
    },
    { kind: 'requested_not_processed', operationId: `pay_${two}` },
  ],
  [
    'a request that was put aside',
    (play) => {
      Object.assign(play, { rows: both, now: both });
      play.requested.push({ value: told(two), isPutAside: true });
    },
    { kind: 'accepted_dead_lettered', operationId: `pay_${two}` },
  ],
  [
    'an accepted operation that accounts put aside',
    (play) => {
      Object.assign(play, { rows: both, now: both });
      play.requested.push({ value: told(two) });
      play.processed.push([told(two), 'dead_letter']);
    },
    { kind: 'accepted_dead_lettered', operationId: `pay_${two}` },
  ],
];

describe('the chain from gateway to books', () => {
  it.each(quiet)('accuses nobody of %s', async (_what, change) => {
    const play = honest();
    change(play);
    expect(await playChain(play)).toEqual([]);
  });

  it.each(loud)('names %s', async (_what, change, difference) => {
    const play = honest();
    change(play);
    const found = await playChain(play);
    expect(found).toEqual([expect.objectContaining(difference)]);
    expect(found.map(describeDifference).join()).not.toMatch(/undefined|\[object/);
  });
});

describe('what providers told', () => {
  const play = async (records: ToldEvent[], kept: ToldEvent[], published: string[], isProcessed = true) => {
    const differences = createDifferences();
    await checkProviderEvents(
      {
        records: chunk(records.map((value) => ({ value, partition: 0, offset: 0n, isPutAside: false }))),
        published: chunk(published.map((key) => ({ key }))),
        eventsNow: () => Promise.resolve(kept),
        processedBefore: [1n],
        isProcessed: () => isProcessed,
      },
      differences,
    );
    return differences.kept();
  };
  const place = { topic: 'provider.event', partition: 0, offset: 0n };

  it('is followed both ways', async () => {
    expect(await play([event], [event], ['sandbox/evt_1'])).toEqual([]);
    expect(await play([event], [], [])).toEqual([expect.objectContaining({ kind: 'record_without_origin', ...place })]);
    expect(await play([{ ...event, amountMinor: 9n }], [event], [])).toEqual([
      expect.objectContaining({ kind: 'record_not_as_asked', ...place }),
    ]);
    expect(await play([], [event], ['sandbox/evt_1'])).toEqual([
      { kind: 'event_not_published', event: 'sandbox/evt_1' },
    ]);
    expect(await play([event], [event], [], false)).toEqual([{ kind: 'event_not_processed', event: 'sandbox/evt_1' }]);
  });
});
