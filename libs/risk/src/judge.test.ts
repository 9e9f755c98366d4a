// What a merchant's rules let pass, what they refuse, and what they leave to the ledger.
import { expect, test } from 'vitest';
import type { JudgedRequest, Judgement, RiskRule, Screened } from './index.ts';
import { judge, wantsScreening } from './index.ts';

function aRule(overrides: Partial<RiskRule> = {}): RiskRule {
  return {
    ruleId: 'large',
    version: 1n,
    kind: 'amount',
    decision: 'refuse',
    operation: null,
    methodType: null,
    currency: 'USD',
    amountMinor: 1_000n,
    count: null,
    windowSeconds: null,
    matches: null,
    ...overrides,
  };
}

function aRequest(overrides: Partial<JudgedRequest> = {}): JudgedRequest {
  return {
    operation: 'pay',
    methodType: 'wallet',
    currency: 'USD',
    amountMinor: 1_001n,
    partyIds: ['cus_a'],
    country: null,
    ...overrides,
  };
}

const blocked = aRule({ ruleId: 'blocked', kind: 'block_list', matches: ['cus_x', 'mer_x'] });
const countries = aRule({ ruleId: 'countries', kind: 'country', currency: null, matches: ['KP', 'IR'] });
const screening = aRule({ ruleId: 'sanctions', kind: 'screening', currency: null, amountMinor: null });
const perDay = aRule({ ruleId: 'per_day', kind: 'velocity_amount', windowSeconds: 86_400n });
const often = aRule({ ruleId: 'often', kind: 'velocity_count', currency: null, count: 3n, windowSeconds: 60n });

const judged = (rules: RiskRule[], request: Partial<JudgedRequest> = {}, screened: Screened | null = null): Judgement =>
  judge(aRequest(request), { version: 1n, rules }, screened);

function inWords(judgement: Judgement): string {
  if (judgement.ok) return `passes ${judgement.velocity.map(({ ruleId }) => ruleId).join(' ')}`.trim();
  return `${judgement.failure.code} by ${judgement.failure.ruleId}`;
}

test.each<[string, RiskRule[], Partial<JudgedRequest>, string]>([
  ['no rules', [], {}, 'passes'],
  ['an amount above the bound', [aRule()], {}, 'rejected_by_rule by large'],
  ['an amount at the bound', [aRule()], { amountMinor: 1_000n }, 'passes'],
  ['an amount of another currency', [aRule()], { currency: 'JPY' }, 'passes'],
  ['a rule for another operation', [aRule({ operation: 'transfer' })], {}, 'passes'],
  [
    'a rule for payments judges what is paid later',
    [aRule({ operation: 'pay' })],
    { operation: 'authorize' },
    'rejected_by_rule by large',
  ],
  ['and not the other way round', [aRule({ operation: 'authorize' })], {}, 'passes'],
  ['a rule for another method', [aRule({ methodType: 'card' })], {}, 'passes'],
  ['a rule for this method', [aRule({ methodType: 'wallet' })], {}, 'rejected_by_rule by large'],
  ['what follows on a payment', [aRule()], { operation: 'capture' }, 'passes'],
  ['a country that is named', [countries], { country: 'KP' }, 'rejected_by_rule by countries'],
  ['a country that is not', [countries], { country: 'DE' }, 'passes'],
  ['a country that nobody knows', [countries], { country: null }, 'passes'],
  ['a customer on the list', [blocked], { partyIds: ['cus_x'] }, 'rejected_by_rule by blocked'],
  [
    'a payee on the list',
    [blocked],
    { operation: 'transfer', partyIds: ['cus_a', 'cus_x'] },
    'rejected_by_rule by blocked',
  ],
  ['nobody on the list', [blocked], {}, 'passes'],
  ['velocity is left to the ledger', [perDay, often], {}, 'passes per_day often'],
  ['which counts what customers spend', [often], { operation: 'top_up' }, 'passes'],
  ['the first refusal ends it', [blocked, aRule(), countries], { country: 'KP' }, 'rejected_by_rule by large'],
  ['nothing screens', [screening], {}, 'misconfigured by sanctions'],
  ['a kind nobody knows', [aRule({ kind: 'mood' })], {}, 'misconfigured by large'],
  ['a decision nobody can take', [aRule({ decision: 'review' })], {}, 'misconfigured by large'],
  ['an amount of no currency', [aRule({ currency: null })], {}, 'misconfigured by large'],
  ['no bound', [aRule({ amountMinor: null })], {}, 'misconfigured by large'],
  ['no list', [aRule({ kind: 'block_list' })], {}, 'misconfigured by large'],
  ['no window', [aRule({ ...perDay, windowSeconds: null })], {}, 'misconfigured by per_day'],
  [
    'a window longer than the ledger looks back',
    [aRule({ ...often, windowSeconds: 2_592_001n })],
    {},
    'misconfigured by often',
  ],
  ['no count', [aRule({ ...often, count: null })], {}, 'misconfigured by often'],
  ['a senseless rule that is not for this', [aRule({ kind: 'mood', operation: 'transfer' })], {}, 'passes'],
])('%s: %#', (_case, rules, request, expected) => {
  expect(inWords(judged(rules, request))).toBe(expected);
});

test('each decision says what was observed and what it was held against', () => {
  expect(judged([countries, aRule({ version: 7n })])).toMatchObject({
    ok: false,
    decisions: [
      { ruleId: 'countries', ruleVersion: 1n, decision: 'allow', reasonCode: null, observed: null, bound: null },
      {
        ruleId: 'large',
        ruleVersion: 7n,
        decision: 'refuse',
        reasonCode: 'rejected_by_rule',
        observed: 1_001n,
        bound: 1_000n,
        currency: 'USD',
      },
    ],
    failure: { code: 'rejected_by_rule', stage: 'validation', ruleId: 'large', ruleVersion: 7n },
  });
});

test('a velocity rule is handed on with its bound alone', () => {
  const judgement = judged([perDay, often]);
  expect(judgement.ok && judgement.velocity).toEqual([
    { ruleId: 'per_day', ruleVersion: 1n, amountMinor: 1_000n, currency: 'USD', count: null, windowSeconds: 86_400n },
    { ruleId: 'often', ruleVersion: 1n, amountMinor: null, currency: null, count: 3n, windowSeconds: 60n },
  ]);
});

test('a screening decides by its own version, and the failure names the rule that asked', () => {
  const refused = { version: 4n, decision: 'refuse', reasonCode: 'listed' } as const;
  expect(judged([screening], {}, refused)).toMatchObject({
    decisions: [{ ruleId: 'screening', ruleVersion: 4n, decision: 'refuse', reasonCode: 'listed' }],
    failure: { code: 'compliance', ruleId: 'sanctions' },
  });
  expect(inWords(judged([screening], {}, { ...refused, decision: 'allow' }))).toBe('passes');
});

test('only what a screening rule is for is screened', () => {
  const plan = { version: 1n, rules: [{ ...screening, currency: 'USD' }, aRule()] };
  expect(wantsScreening(aRequest(), plan)).toBe(true);
  expect(wantsScreening(aRequest({ currency: 'EUR' }), plan)).toBe(false);
  expect(wantsScreening(aRequest({ operation: 'refund' }), plan)).toBe(false);
  expect(wantsScreening(aRequest(), null)).toBe(false);
});
