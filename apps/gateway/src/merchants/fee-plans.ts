// Owns the fee plan a new merchant begins with, and how a plan rests in the database without losing a minor unit.
import { newId } from '@paystream/payments';
import type { FeePlan, FeeRule } from '@paystream/topics';
import type { Stored } from './stored-plan.ts';
import { bigintOrNull, textOrNull } from './stored-plan.ts';

export type StoredFeePlan = Stored<FeePlan>;

/** 2.9 % of every payment, and 0.30 of one in US dollars. */
export function newFeePlan(): FeePlan {
  return {
    feePlanId: newId('fp'),
    version: 1n,
    rules: [rule('processing_usd', 'USD', 30n), rule('processing', null, 0n)],
  };
}

function rule(ruleId: string, currency: string | null, fixedMinor: bigint): FeeRule {
  return {
    ruleId,
    version: 1n,
    kind: 'processing',
    operation: 'pay',
    methodType: null,
    currency,
    amountFromMinor: null,
    amountBelowMinor: null,
    tierMode: null,
    percentBps: 290,
    fixedMinor,
    minMinor: null,
    maxMinor: null,
    bearer: 'merchant',
    refundPolicy: 'keep',
  };
}

export function toStoredFeePlan(plan: FeePlan): StoredFeePlan {
  return { ...plan, version: String(plan.version), rules: plan.rules.map(toStoredRule) };
}

function toStoredRule(stored: FeeRule): Stored<FeeRule> {
  return {
    ...stored,
    version: String(stored.version),
    fixedMinor: String(stored.fixedMinor),
    amountFromMinor: textOrNull(stored.amountFromMinor),
    amountBelowMinor: textOrNull(stored.amountBelowMinor),
    minMinor: textOrNull(stored.minMinor),
    maxMinor: textOrNull(stored.maxMinor),
  };
}

export function toFeePlan(stored: StoredFeePlan): FeePlan {
  return { ...stored, version: BigInt(stored.version), rules: stored.rules.map(toRule) };
}

function toRule(stored: Stored<FeeRule>): FeeRule {
  return {
    ...stored,
    version: BigInt(stored.version),
    fixedMinor: BigInt(stored.fixedMinor),
    amountFromMinor: bigintOrNull(stored.amountFromMinor),
    amountBelowMinor: bigintOrNull(stored.amountBelowMinor),
    minMinor: bigintOrNull(stored.minMinor),
    maxMinor: bigintOrNull(stored.maxMinor),
  };
}
