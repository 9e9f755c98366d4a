// Which version of a merchant is in force, and how long anybody waits for one.
import { aMerchantUpdated, randomId } from '@paystream/testkit';
import type { MerchantUpdated } from '@paystream/topics';
import { expect, test } from 'vitest';
import type { Merchants, WantedMerchant } from './merchants.ts';
import { createMerchants } from './merchants.ts';

const merchantId = randomId('mer');
const never = new AbortController().signal;

function merchantsOf(...updates: Partial<MerchantUpdated>[]): Merchants {
  const merchants = createMerchants();
  for (const update of updates) merchants.learn(aMerchantUpdated({ merchantId, ...update }));
  return merchants;
}

const wanted = (merchantVersion: bigint, requestedAt: bigint): WantedMerchant => ({
  merchantId,
  environment: 'test',
  merchantVersion,
  requestedAt,
});

test.each([
  // version the gateway saw, time of the request, version in force
  ['the newest in force', 1n, 250n, 2n],
  ['in force from its very moment', 1n, 200n, 2n],
  ['not the newest there is', 1n, 199n, 1n],
  ['never older than what the gateway saw, whatever the clocks say', 2n, 150n, 2n],
  ['nor when all lie in the future', 1n, 50n, 1n],
  ['a version not known yet', 4n, 350n, undefined],
])('%s', (_case, merchantVersion, requestedAt, expected) => {
  const versions = [1n, 2n, 3n].map((version) => ({ version, updatedAt: version * 100n }));
  for (const order of [versions, versions.toReversed()]) {
    expect(merchantsOf(...order).find(wanted(merchantVersion, requestedAt))?.version).toBe(expected);
  }
});

test('a lost version is made up for by a newer one that was in force', () => {
  const merchants = merchantsOf({ version: 1n, updatedAt: 100n }, { version: 3n, updatedAt: 300n });
  expect(merchants.find(wanted(2n, 350n))?.version).toBe(3n);
  expect(merchants.find(wanted(2n, 250n))).toBeUndefined();
});

test('the first record of a version counts, and environments are apart', () => {
  const merchants = merchantsOf({ version: 1n, status: 'active' }, { version: 1n, status: 'inactive' });
  expect(merchants.find(wanted(1n, 10n ** 18n))?.isActive).toBe(true);
  expect(merchants.find({ ...wanted(1n, 10n ** 18n), environment: 'live' })).toBeUndefined();
  expect(merchants.count()).toBe(1);
});

test('who waits is woken by the version, not by the deadline', async () => {
  const merchants = merchantsOf({ version: 1n, updatedAt: 100n });
  const waiting = merchants.waitFor([wanted(2n, 200n)], { signal: never, deadlineMs: 10_000 });
  merchants.learn(aMerchantUpdated({ merchantId: randomId('mer') }));
  merchants.learn(aMerchantUpdated({ merchantId, version: 2n, updatedAt: 200n }));
  await waiting;
  expect(merchants.find(wanted(2n, 200n))?.version).toBe(2n);
});

test('what was waited for in vain is not waited for again', async () => {
  const merchants = createMerchants();
  await merchants.waitFor([wanted(1n, 100n)], { signal: never, deadlineMs: 1 });
  // Would run into the test's own time limit if it waited.
  await merchants.waitFor([wanted(1n, 100n)], { signal: never, deadlineMs: 600_000 });
  expect(merchants.find(wanted(1n, 100n))).toBeUndefined();
});

test('a version that comes late is found all the same', async () => {
  const merchants = createMerchants();
  await merchants.waitFor([wanted(1n, 100n)], { signal: never, deadlineMs: 1 });
  merchants.learn(aMerchantUpdated({ merchantId, version: 1n, updatedAt: 100n }));
  expect(merchants.find(wanted(1n, 100n))?.version).toBe(1n);
});

test('losing the partition ends the wait', async () => {
  const partition = new AbortController();
  const waiting = createMerchants().waitFor([wanted(1n, 100n)], { signal: partition.signal, deadlineMs: 600_000 });
  partition.abort(new Error('taken away'));
  await expect(waiting).rejects.toThrow('taken away');
});
