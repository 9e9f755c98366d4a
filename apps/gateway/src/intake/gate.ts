// Says what a claim may ask of the database before it is stored, and reads it for a whole group at once.
import type { Database } from '@paystream/database';
import { HttpError } from '@paystream/http';
import type { FxQuote } from '@paystream/topics';
import type { PaymentNow } from '../store/read-payments-now.ts';
import { readPaymentsNow } from '../store/read-payments-now.ts';
import type { Asker, Claim } from './claim.ts';

/** Decides by what is known now, and by a clock that goes onto the log with the claim. A claim whose key is known already is not judged again: its first answer stands. */
export interface Gate {
  /** Payment or transfer of the merchant's that it is about. */
  paymentUuid: string | null;
  /** fxq_… */
  quoteId: string | null;
  /** The claim as it is to be stored, or why it is not: the key stays free then. */
  pass(claim: Claim, seen: Seen): Claim | HttpError;
}

/** What the database holds of what a gate asks for; another merchant's is as if it did not exist. */
export interface Seen {
  payment: PaymentNow | undefined;
  quote: FxQuote | undefined;
  /** Clock of the database. */
  nowMicros: bigint;
}

export interface OwnedQuote extends Pick<Asker, 'merchantId' | 'environment'> {
  quote: FxQuote;
}

export interface QuoteSource {
  /** Those that exist, by id. */
  load(quoteIds: readonly string[]): Promise<ReadonlyMap<string, OwnedQuote>>;
}

export interface GateOptions {
  database: Database;
  quotes: QuoteSource;
}

/** Opens the gates of a group: a function that gives each claim as it is to be stored, or its refusal. */
export async function openGates(
  { database, quotes }: GateOptions,
  claims: readonly Claim[],
): Promise<(claim: Claim) => Claim | HttpError> {
  const gates = claims.flatMap(({ gate }) => gate ?? []);
  if (gates.length === 0) return (claim) => claim;
  const quoteIds = [...new Set(gates.flatMap(({ quoteId }) => quoteId ?? []))];
  const paymentUuids = [...new Set(gates.flatMap(({ paymentUuid }) => paymentUuid ?? []))];
  const [{ payments, nowMicros }, known] = await Promise.all([
    readPaymentsNow(database, paymentUuids),
    quoteIds.length === 0 ? new Map<string, OwnedQuote>() : quotes.load(quoteIds),
  ]);
  return (claim) => {
    const { gate } = claim;
    if (gate === null) return claim;
    const payment = payments.get(gate.paymentUuid ?? '');
    const quote = known.get(gate.quoteId ?? '');
    const isOwnPayment = payment?.merchantUuid === claim.merchantUuid && payment.environment === claim.environment;
    const isOwnQuote = quote?.merchantId === claim.merchantId && quote.environment === claim.environment;
    const passed = gate.pass(claim, {
      payment: isOwnPayment ? payment : undefined,
      quote: isOwnQuote ? quote.quote : undefined,
      nowMicros,
    });
    // One reading of the clock: read again it would be later, and what the gate let through might not be legal any more.
    return passed instanceof HttpError ? passed : { ...passed, judgedAtMicros: nowMicros };
  };
}
