// Gives tests what a provider tells: of disputes and of pay-outs.
import { aProviderEvent, randomId, TEST_TIME_MICROS } from '@paystream/testkit';
import type { ProviderEvent } from '@paystream/topics';

export function aDispute(end: 'opened' | 'won' | 'lost', overrides: Partial<ProviderEvent> = {}): ProviderEvent {
  return aProviderEvent({
    type: `dispute_${end}`,
    merchantId: randomId('mer'),
    customerId: randomId('cus'),
    paymentId: randomId('pay'),
    disputeId: randomId('dp'),
    feeMinor: 1_500n,
    reasonCode: '10.4',
    dueBy: TEST_TIME_MICROS + 1_000_000n,
    ...overrides,
  });
}

export function aPayOutEvent(
  end: 'paid' | 'failed' | 'returned',
  overrides: Partial<ProviderEvent> = {},
): ProviderEvent {
  return aProviderEvent({
    type: `pay_out_${end}`,
    merchantId: randomId('mer'),
    paymentId: randomId('po'),
    ...overrides,
  });
}
