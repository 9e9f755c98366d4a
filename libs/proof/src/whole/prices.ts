// Judges anew what an operation was priced by: fees and markup against the merchant's plans, rates and quotes against what was published.

import type { Differences } from '../differences.ts';
import type { AskedOperation, Conversion } from '../inputs.ts';
import type { AtOffset } from './merchant-views.ts';
import type { FeePlans, MerchantVersion } from './fee-plans.ts';
import { createFeePlans, feesByPlan, markupByPlan } from './fee-plans.ts';
import type { PublishedRate, ReferenceRates } from './reference-rates.ts';
import { createReferenceRates } from './reference-rates.ts';

/** Whoever priced may have known a version or rate so much later, or earlier by another clock. */
const KNOWN_WITHIN_MICROS = 60_000_000n;

const WITH_FEES = new Set(['pay', 'authorize', 'transfer', 'pay_out']);
/** What a quote's markup is found by: the smallest payment from a wallet. */
const QUOTED = { operation: 'pay', method: { type: 'wallet' }, amountMinor: 1n } as const;

export interface Prices {
  readonly learnVersion: (version: MerchantVersion) => void;
  readonly learnRate: (rate: PublishedRate) => void;
  /** Judges a record that was decided. */
  readonly check: (asked: AskedOperation, at: AtOffset) => void;
}

export function createPrices(differences: Differences): Prices {
  const plans = createFeePlans();
  const rates = createReferenceRates();
  return {
    learnVersion: plans.learn,
    learnRate: rates.learn,
    check: (asked, at) => {
      const { operationId, kind, operation, amountMinor, currency, fees, fx } = asked;
      if (kind !== 'priced' || amountMinor === null || currency === null) return;
      const add = (field: string, right: readonly string[], found: string): void => {
        if (right.includes(found)) return;
        const expected = right.join(' or ') || 'nothing that is known';
        differences.add({ kind: 'terms_wrong', operationId, ...at, field, expected, found });
      };
      if (WITH_FEES.has(operation)) {
        const known = plansFor(plans, asked, asked.requestedAt);
        add(
          'fees',
          known.map((rules) => say(feesByPlan(rules, { ...asked, amountMinor, currency }))),
          say(fees),
        );
      }
      if (fx === null) return;
      const { quote, requestedAt } = asked;
      const isGiven = operation === 'refund';
      const pricedAt = quote?.quotedAt ?? requestedAt;
      add('rate', ratesAt(rates, { ...fx, environment: asked.environment }, pricedAt), sayRate(fx));
      const markups = isGiven
        ? [0]
        : plansFor(plans, asked, pricedAt).map((rules) =>
            markupByPlan(rules, { ...asked, amountMinor, currency, ...(quote === null ? {} : QUOTED) }),
          );
      add('markup', markups.map(String), String(fx.markupBps));
      if (quote !== null && requestedAt >= quote.expiresAt)
        add('quote', [`one that ends after ${requestedAt}`], `${quote.expiresAt}`);
    },
  };
}

function plansFor(plans: FeePlans, owner: Pick<AskedOperation, 'merchantId' | 'environment'>, at: bigint) {
  return plans.between(owner, at - KNOWN_WITHIN_MICROS, at + KNOWN_WITHIN_MICROS);
}

function ratesAt(rates: ReferenceRates, wanted: Conversion & { readonly environment: string }, at: bigint): string[] {
  const times = [at - KNOWN_WITHIN_MICROS, at, at + KNOWN_WITHIN_MICROS];
  return [...new Set(times.flatMap((time) => rates.findAt(wanted, time).map(sayRate)))];
}

function sayRate({
  baseRate,
  rateSource,
  ratePublishedAt,
}: Pick<Conversion, 'baseRate' | 'rateSource' | 'ratePublishedAt'>) {
  return `${baseRate} of ${rateSource} ${ratePublishedAt}`;
}

function say(fees: AskedOperation['fees']): string {
  const said = fees.map((fee) => {
    const { ruleId, ruleVersion, kind, bearer, percentBps, fixedMinor, minMinor, maxMinor, refundPolicy, tier } = fee;
    const rule = [ruleId, `v${ruleVersion}`, kind, bearer, `${percentBps} bps`, fixedMinor, minMinor, maxMinor].join(
      ' ',
    );
    return `${rule} ${refundPolicy} ${tier} of ${fee.baseMinor}: ${fee.amountMinor} ${fee.currency}`;
  });
  return said.join('; ') || 'none';
}
