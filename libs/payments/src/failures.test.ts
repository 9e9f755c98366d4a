// The table of failures is closed, and says the same about a code wherever it is asked.
import { expect, test } from 'vitest';
import type { FailureCode } from './index.ts';
import { customerCodeOf, failureOf, failures, isFailureCode, mayRetry } from './index.ts';

// Object.keys of a closed table are exactly its codes.
const codes = Object.keys(failures) as FailureCode[];

test('a failure carries its code’s row, and null for what nobody knows', () => {
  expect(failureOf('insufficient_funds')).toEqual({
    code: 'insufficient_funds',
    category: 'payment_method',
    stage: 'authorization',
    advice: 'retry_later',
    ruleId: null,
    ruleVersion: null,
    retryNotBefore: null,
    provider: null,
    providerCode: null,
    networkCode: null,
    networkAdvice: null,
    mappingVersion: null,
  });
});

test('the stage and the details of the case at hand go before the usual ones', () => {
  const failure = failureOf('insufficient_funds', 'ledger', { ruleId: 'limit_1', ruleVersion: 2n });
  expect(failure).toMatchObject({ stage: 'ledger', ruleId: 'limit_1', ruleVersion: 2n, provider: null });
});

test('codes are lower snake, and every row has advice', () => {
  for (const code of codes) {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(failures[code].advice.length, code).toBeGreaterThan(0);
  }
});

test('exactly these are never tried again', () => {
  expect(codes.filter((code) => !mayRetry(code))).toEqual([
    'card_lost_or_stolen',
    'suspected_fraud',
    'account_closed_or_invalid',
    'duplicate',
    'authorization_revoked',
    'compliance',
    'rejected_by_rule',
  ]);
});

test('a thief is told nothing', () => {
  const hidden = codes.filter((code) => customerCodeOf(code) !== code);
  expect(hidden).toEqual(['card_lost_or_stolen', 'suspected_fraud']);
  expect(hidden.map(customerCodeOf)).toEqual(['generic_decline', 'generic_decline']);
});

test.each(['toString', '__proto__', '', 'INSUFFICIENT_FUNDS'])('%j is no code', (text) => {
  expect(isFailureCode(text)).toBe(false);
});
