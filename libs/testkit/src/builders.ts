/** Valid values for every topic: a test names only the fields it is about. */

import type {
  AccountUpdated,
  CustomerNotification,
  FeePlan,
  FeeRule,
  FxRate,
  MerchantEvent,
  MerchantUpdated,
  PaymentProcessed,
  PaymentProgressed,
  PaymentRequested,
  PaymentSettled,
  ProviderEvent,
  ProviderRequested,
} from '@paystream/topics';
import { NO_TERMS } from '@paystream/topics';
import { randomId } from './test-ids.ts';

/** 2026-09-01T10:00:00Z in microseconds: a fixed instant, so that a failing test prints the same values each time. */
export const TEST_TIME_MICROS = 1_788_256_800_000_000n;

const ledgerPlace = { sourcePartition: 0, sourceOffset: 0n, ledgerNumber: 1n, ledgerIndex: 0 } as const;

/** A wallet payment of 10.99 USD, as the gateway publishes it; `operationId` and `paymentId` are the same new id. */
export function aPaymentRequested(overrides: Partial<PaymentRequested> = {}): PaymentRequested {
  const operationId = overrides.operationId ?? randomId('pay');
  return {
    operationId,
    operation: 'pay',
    paymentId: operationId,
    environment: 'test',
    merchantId: randomId('mer'),
    customerId: randomId('cus'),
    amountMinor: 1099n,
    currency: 'USD',
    requestedAt: TEST_TIME_MICROS,
    merchantVersion: 1n,
    ...NO_TERMS,
    method: { type: 'wallet', methodId: null },
    ...overrides,
  };
}

/** The same payment priced without fees, as the processor publishes it. */
export function aPaymentProcessed(overrides: Partial<PaymentProcessed> = {}): PaymentProcessed {
  const operationId = overrides.operationId ?? randomId('pay');
  return {
    operationId,
    operation: 'pay',
    paymentId: operationId,
    environment: 'test',
    merchantId: randomId('mer'),
    customerId: randomId('cus'),
    pass: 1,
    kind: 'priced',
    rulesVersion: 1,
    amountMinor: 1099n,
    currency: 'USD',
    requestedAt: TEST_TIME_MICROS,
    processedAt: TEST_TIME_MICROS + 1_000n,
    merchantVersion: 1n,
    ...NO_TERMS,
    method: { type: 'wallet', methodId: null },
    fees: [],
    fx: null,
    route: null,
    failure: null,
    outcome: null,
    fact: null,
    decisions: null,
    velocity: null,
    ...overrides,
  };
}

/** The same payment settled successfully, without the balances it changed. */
export function aPaymentSettled(overrides: Partial<PaymentSettled> = {}): PaymentSettled {
  const operationId = overrides.operationId ?? randomId('pay');
  return {
    operationId,
    operation: 'pay',
    paymentId: operationId,
    environment: 'test',
    merchantId: randomId('mer'),
    customerId: randomId('cus'),
    amountMinor: 1099n,
    currency: 'USD',
    status: 'succeeded',
    paymentStatus: 'succeeded',
    requestedAt: TEST_TIME_MICROS,
    settledAt: TEST_TIME_MICROS + 2_000n,
    rulesVersion: 1,
    method: { type: 'wallet', methodId: null },
    fees: [],
    fx: null,
    failure: null,
    payment: null,
    balances: [],
    outcome: null,
    fact: null,
    decisions: null,
    ...ledgerPlace,
    ...overrides,
  };
}

export function aPaymentProgressed(overrides: Partial<PaymentProgressed> = {}): PaymentProgressed {
  const operationId = overrides.operationId ?? randomId('pay');
  return {
    operationId,
    operation: 'pay',
    paymentId: operationId,
    environment: 'test',
    merchantId: randomId('mer'),
    customerId: randomId('cus'),
    amountMinor: 1099n,
    currency: 'USD',
    status: 'in_transit',
    occurredAt: TEST_TIME_MICROS,
    actionType: null,
    actionReference: null,
    provider: null,
    expiresAt: null,
    balances: null,
    ...ledgerPlace,
    ...overrides,
  };
}

export function aProviderRequested(overrides: Partial<ProviderRequested> = {}): ProviderRequested {
  const operationId = overrides.operationId ?? randomId('pay');
  return {
    operationId,
    operation: 'pay',
    paymentId: operationId,
    environment: 'test',
    merchantId: randomId('mer'),
    customerId: randomId('cus'),
    amountMinor: 1099n,
    currency: 'USD',
    requestedAt: TEST_TIME_MICROS,
    admittedAt: TEST_TIME_MICROS + 1_000n,
    method: { type: 'card', methodId: randomId('pm') },
    route: { provider: 'sandbox', routeId: null, routeVersion: null, alternatives: [] },
    providerReference: null,
    final: null,
    ...ledgerPlace,
    ...overrides,
  };
}

export function aProviderEvent(overrides: Partial<ProviderEvent> = {}): ProviderEvent {
  return {
    providerEventId: randomId('pev'),
    provider: 'sandbox',
    environment: 'test',
    merchantId: null,
    type: 'payment.approved',
    providerReference: randomId('ref'),
    operationId: null,
    attemptId: null,
    disputeId: null,
    amountMinor: 1099n,
    feeMinor: null,
    currency: 'USD',
    code: null,
    reasonCode: null,
    dueBy: null,
    occurredAt: TEST_TIME_MICROS,
    receivedAt: TEST_TIME_MICROS + 1_000n,
    paymentId: null,
    customerId: null,
    ...overrides,
  };
}

/** A customer's USD wallet that holds 100.00. */
export function anAccountUpdated(overrides: Partial<AccountUpdated> = {}): AccountUpdated {
  const ownerId = overrides.ownerId ?? randomId('cus');
  return {
    accountId: `test:wallet:${ownerId}:USD`,
    environment: 'test',
    kind: 'wallet',
    ownerId,
    currency: 'USD',
    postedMinor: 10_000n,
    heldMinor: 0n,
    overdraftMinor: 0n,
    status: 'open',
    version: 1n,
    updatedAt: TEST_TIME_MICROS,
    ...overrides,
  };
}

export function aCustomerNotification(overrides: Partial<CustomerNotification> = {}): CustomerNotification {
  const operationId = overrides.operationId ?? randomId('pay');
  return {
    notificationId: randomId('ntf'),
    customerId: randomId('cus'),
    environment: 'test',
    merchantId: randomId('mer'),
    template: 'payment_succeeded',
    operationId,
    paymentId: operationId,
    amountMinor: 1099n,
    currency: 'USD',
    failureCode: null,
    balanceMinor: 8901n,
    occurredAt: TEST_TIME_MICROS,
    ...ledgerPlace,
    ...overrides,
  };
}

export function aMerchantEvent(overrides: Partial<MerchantEvent> = {}): MerchantEvent {
  const operationId = overrides.operationId ?? randomId('pay');
  return {
    eventId: randomId('evt'),
    merchantId: randomId('mer'),
    environment: 'test',
    sequence: 1n,
    type: 'payment.succeeded',
    objectId: operationId,
    operationId,
    paymentId: operationId,
    customerId: randomId('cus'),
    amountMinor: 1099n,
    currency: 'USD',
    failureCode: null,
    occurredAt: TEST_TIME_MICROS,
    logTopic: null,
    logPartition: null,
    logOffset: null,
    ...overrides,
  };
}

/** 2.9 % plus 0.30 of every USD payment, borne by the merchant. */
export function aFeeRule(overrides: Partial<FeeRule> = {}): FeeRule {
  return {
    ruleId: 'processing_usd',
    version: 1n,
    kind: 'processing',
    operation: 'pay',
    methodType: null,
    currency: 'USD',
    amountFromMinor: null,
    amountBelowMinor: null,
    tierMode: null,
    percentBps: 290,
    fixedMinor: 30n,
    minMinor: null,
    maxMinor: null,
    bearer: 'merchant',
    refundPolicy: 'keep',
    ...overrides,
  };
}

export function aFeePlan(overrides: Partial<FeePlan> = {}): FeePlan {
  return { feePlanId: randomId('fp'), version: 1n, rules: [aFeeRule()], ...overrides };
}

export function aMerchantUpdated(overrides: Partial<MerchantUpdated> = {}): MerchantUpdated {
  return {
    merchantId: randomId('mer'),
    environment: 'test',
    version: 1n,
    status: 'active',
    feePlan: aFeePlan(),
    updatedAt: TEST_TIME_MICROS - 1_000_000n,
    country: null,
    riskPlan: null,
    routing: null,
    ...overrides,
  };
}

export function anFxRate(overrides: Partial<FxRate> = {}): FxRate {
  return {
    environment: 'test',
    baseCurrency: 'EUR',
    quoteCurrency: 'USD',
    rate: '1.1642',
    source: 'ecb',
    rateDate: '2026-09-01',
    publishedAt: TEST_TIME_MICROS - 1_000_000n,
    ...overrides,
  };
}
