// Completes the terms of an operation, and keeps it as text, so that it is published the same every time.
import type { Operation } from '@paystream/payments';
import type { PaymentMethod, Terms } from '@paystream/topics';
import { NO_TERMS } from '@paystream/topics';

const WALLET: PaymentMethod = { type: 'wallet', methodId: null };
/** In the sandbox money comes from nowhere and goes there. */
const SANDBOX: PaymentMethod = { type: 'sandbox', methodId: null };

/** Methods of the operations that have one, where the terms name no other. */
const METHODS: Partial<Record<Operation, PaymentMethod>> = {
  pay: WALLET,
  authorize: WALLET,
  transfer: WALLET,
  top_up: SANDBOX,
  pay_out: SANDBOX,
};

const HOLD_DAYS_DEFAULT = 7n;
const MICROS_PER_DAY = 86_400_000_000n;

/** When a hold asked for at this instant ends, if nobody says otherwise. */
export function holdEndsAt(terms: Partial<Terms>, requestedAtMicros: bigint): bigint {
  return terms.authorize?.expiresAt ?? requestedAtMicros + HOLD_DAYS_DEFAULT * MICROS_PER_DAY;
}

/** All terms, as the record carries them. */
export function completeTerms(operation: Operation, terms: Partial<Terms>, requestedAtMicros: bigint): Terms {
  const all = { ...NO_TERMS, method: METHODS[operation] ?? null, ...terms };
  return operation === 'authorize' ? { ...all, authorize: { expiresAt: holdEndsAt(terms, requestedAtMicros) } } : all;
}

/** Fields of terms that are bigints, by name: JSON has them as text. */
const BIGINTS: ReadonlySet<string> = new Set([
  'quotedAt',
  'expiresAt',
  'ratePublishedAt',
  'amountMinor',
  'platformFeeMinor',
  'overdraftMinor',
  'dailyAmountMinor',
  'dailyCount',
]);

/** The text that is kept; null when there is nothing to keep. */
export function toTermsText(terms: Partial<Terms>): string | null {
  if (Object.keys(terms).length === 0) return null;
  return JSON.stringify(terms, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

export function fromTermsText(text: string | null): Partial<Terms> {
  if (text === null) return {};
  // Written by toTermsText.
  return JSON.parse(text, (name, value: unknown) =>
    typeof value === 'string' && BIGINTS.has(name) ? BigInt(value) : value,
  ) as Partial<Terms>;
}
