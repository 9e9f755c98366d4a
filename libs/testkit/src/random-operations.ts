/** Makes random streams of payment.processed: lawful records of every operation, many of which the books have to decline. */

import type { FeeLine, PaymentProcessed } from '@paystream/topics';
import { feesAt, takeFor, giveFor } from '@paystream/pricing';
import { failureOf } from '@paystream/payments';
import fc from 'fast-check';
import { aPaymentProcessed, TEST_TIME_MICROS } from './builders.ts';

const hex = (number: number): string => number.toString(16).padStart(32, '0');
const CUSTOMERS = [1, 2, 3].map((number) => `cus_${hex(number)}`);
const MERCHANTS = [1, 2].map((number) => `mer_${hex(number)}`);
const WALLET_CURRENCIES = ['USD', 'JPY', 'KWD'];
/** Units of the second per one of the first: of two, none and three decimals. */
const RATES: Readonly<Record<string, string>> = {
  'USD JPY': '149.37',
  'USD KWD': '0.30711',
  'JPY USD': '0.0066947847',
  'JPY KWD': '0.00205603534846354689',
  'KWD USD': '3.25616228712838',
  'KWD JPY': '486.372960827065',
};
const MICROS_PER_MINUTE = 60_000_000n;

/** Some more often than others, so that most follow-ups find something to follow. */
const WEIGHTS = {
  ...{ top_up: 8, pay: 12, authorize: 12, capture: 16, cancel: 3, expire: 4, refund: 14, transfer: 5, pay_out: 6 },
  ...{ report: 8, return: 3, dispute_opened: 8, dispute_won: 4, dispute_lost: 5 },
  ...{ freeze: 1, unfreeze: 3, close: 1, limit: 5, correct: 4, refused: 1, again: 3, nonsense: 1 },
} as const;

type Kind = keyof typeof WEIGHTS;

/** One step of a stream, in numbers that choose; what they choose among depends on the steps before. */
export interface Move {
  readonly kind: Kind;
  readonly customer: number;
  readonly merchant: number;
  readonly currency: number;
  /** Which earlier payment, pay-out or record it is about. */
  readonly of: number;
  readonly amountMinor: bigint;
  readonly choice: number;
  readonly minutes: number;
}

export const aMove: fc.Arbitrary<Move> = fc.record({
  kind: fc.oneof(
    ...(Object.keys(WEIGHTS) as Kind[]).map((kind) => ({ weight: WEIGHTS[kind], arbitrary: fc.constant(kind) })),
  ),
  customer: fc.nat({ max: 2 }),
  merchant: fc.nat({ max: 1 }),
  currency: fc.nat({ max: 2 }),
  of: fc.nat({ max: 30 }),
  amountMinor: fc.oneof(
    { weight: 12, arbitrary: fc.bigInt({ min: 1n, max: 1_200n }) },
    { weight: 3, arbitrary: fc.bigInt({ min: 1n, max: 9n }) },
    { weight: 1, arbitrary: fc.constantFrom(2n ** 53n - 1n, 2n ** 61n) },
  ),
  choice: fc.nat({ max: 1_000 }),
  // Often none or whole hours, so that things meet at the ends of windows.
  minutes: fc.oneof(fc.constantFrom(0, 0, 60, 120), fc.nat({ max: 400 })),
});

interface Story {
  /** Number of its first record; ids are made from numbers. */
  readonly firstNumber: number;
  readonly events: PaymentProcessed[];
  requestedAt: bigint;
}

/**
 * The records of a stream, in order: first everybody gets some money. The same moves give the same records; streams that
 * meet in the same books begin at numbers far apart.
 */
export function operationsOf(moves: readonly Move[], firstNumber = 1): PaymentProcessed[] {
  const story: Story = { firstNumber, events: firstTopUps(firstNumber), requestedAt: TEST_TIME_MICROS };
  for (const move of moves) {
    story.requestedAt += BigInt(move.minutes) * MICROS_PER_MINUTE;
    const event = eventOf(move, story);
    if (event !== undefined) story.events.push(event);
  }
  return story.events;
}

function firstTopUps(firstNumber: number): PaymentProcessed[] {
  const wallets = CUSTOMERS.flatMap((customerId) => WALLET_CURRENCIES.map((currency) => ({ customerId, currency })));
  return wallets.map((wallet, at) => {
    const operationId = `tu_${hex(firstNumber + at)}`;
    const ids = { operationId, paymentId: operationId, operation: 'top_up', merchantId: MERCHANTS[0] ?? '' };
    return aPaymentProcessed({ ...ids, ...wallet, amountMinor: 3_000n, method: { type: 'sandbox', methodId: null } });
  });
}

function eventOf(move: Move, story: Story): PaymentProcessed | undefined {
  const number = story.firstNumber + story.events.length;
  const id = (prefix: string): string => `${prefix}_${hex(number)}`;
  const customerId = CUSTOMERS[move.customer] ?? '';
  const merchantId = MERCHANTS[move.merchant] ?? '';
  const currency = WALLET_CURRENCIES[move.currency] ?? '';
  const { amountMinor, choice } = move;
  const first = (prefix: string, operation: string, overrides: Partial<PaymentProcessed>) =>
    aPaymentProcessed({
      ...{ operationId: id(prefix), paymentId: id(prefix), operation, customerId, merchantId, amountMinor, currency },
      requestedAt: story.requestedAt,
      ...overrides,
    });
  const payment = pick(story, move.of, ['pay', 'authorize']);
  const payOut = pick(story, move.of, ['pay_out']);
  /** About an earlier payment or pay-out; now and then about somebody else's. */
  const about = (earlier: PaymentProcessed, prefix: string, operation: string, overrides: Partial<PaymentProcessed>) =>
    first(prefix, operation, {
      paymentId: earlier.paymentId,
      merchantId: choice % 23 === 0 ? merchantId : earlier.merchantId,
      customerId: earlier.customerId,
      currency: choice % 29 === 0 ? currency : earlier.currency,
      method: null,
      ...overrides,
    });
  const partOf = (earlier: PaymentProcessed): bigint => (choice % 3 === 0 ? (earlier.amountMinor ?? 1n) : amountMinor);

  switch (move.kind) {
    case 'top_up':
      return first('tu', 'top_up', { method: { type: 'sandbox', methodId: null }, amountMinor: amountMinor * 3n });
    case 'pay':
    case 'authorize': {
      const velocity = choice % 2 === 0 ? [aRule(choice >> 1, currency)] : null;
      const authorize = { expiresAt: story.requestedAt + BigInt(1 + (choice % 900)) * MICROS_PER_MINUTE };
      const terms = paidBy(
        currency,
        WALLET_CURRENCIES[choice % 3] ?? currency,
        feesOf(choice, { amountMinor, currency }),
        amountMinor,
      );
      return first('pay', move.kind, { ...terms, velocity, ...(move.kind === 'authorize' ? { authorize } : {}) });
    }
    case 'capture':
      return (
        payment &&
        about(payment, 'cap', 'capture', { amountMinor: partOf(payment), capture: { final: choice % 4 === 0 } })
      );
    case 'cancel':
    case 'expire':
      return (
        payment &&
        about(payment, move.kind === 'cancel' ? 'can' : 'exp', move.kind, { amountMinor: null, currency: null })
      );
    case 'refund':
      return (
        payment &&
        about(payment, 're', 'refund', {
          amountMinor: partOf(payment),
          ...refundTerms(payment, { choice, amountMinor }),
        })
      );
    case 'transfer':
      return first('tr', 'transfer', transferTerms(move, customerId));
    case 'pay_out': {
      const isMerchants = choice % 2 === 0;
      const fees = feesOf(choice, { amountMinor, currency });
      const payOutTerms = { payeeType: isMerchants ? 'merchant' : 'customer', destinationMethodId: null };
      const method = { type: 'sandbox', methodId: null };
      return first('po', 'pay_out', { customerId: isMerchants ? null : customerId, fees, payOut: payOutTerms, method });
    }
    case 'report': {
      // Now and then of what comes later, or never.
      const later = aLaterPayOut(`po_${hex(number + 1 + (choice % 3))}`, first);
      const of = payOut === undefined || choice % 9 === 0 ? later : payOut;
      return reportOf(about(of, 'dis', 'report', {}), choice % 4 === 0 ? amountMinor : of.amountMinor, choice);
    }
    case 'return':
      return (
        payOut &&
        factOf(
          about(payOut, 'dis', 'return', {}),
          'pay_out_returned',
          choice % 5 === 0 ? amountMinor : payOut.amountMinor,
        )
      );
    case 'dispute_opened':
      return (
        payment && factOf(about(payment, 'dis', 'dispute', {}), move.kind, partOf(payment), `dp_${hex(choice % 40)}`)
      );
    case 'dispute_won':
    case 'dispute_lost': {
      const opened = pick(story, move.of, ['dispute'], 'fact');
      const amount = choice % 7 === 0 ? amountMinor : null;
      return opened && factOf(about(opened, 'dis', 'dispute', {}), move.kind, amount, opened.fact?.disputeId);
    }
    case 'freeze':
    case 'unfreeze':
    case 'close':
    case 'limit':
      // Often on the purse of a pay-out, so that some come back to one that cannot receive.
      return commandOf(move, {
        ...(payOut !== undefined && choice % 2 === 0
          ? { ...payOut, currency: payOut.currency ?? currency, isMerchants: payOut.customerId === null }
          : { customerId, merchantId, currency, isMerchants: choice % 3 === 0 }),
        first,
      });
    case 'correct': {
      const earlier = story.events[move.of % Math.max(1, story.events.length)];
      return earlier && correctionOf(earlier, { first, amountMinor, choice });
    }
    case 'refused':
      return first('pay', 'pay', { kind: 'refused', failure: failureOf('rejected_by_rule') });
    case 'again':
      return story.events[move.of % Math.max(1, story.events.length)];
    case 'nonsense':
      return first('pay', 'pay', { amountMinor: -amountMinor });
    default:
      return move.kind satisfies never;
  }
}

type First = (prefix: string, operation: string, overrides: Partial<PaymentProcessed>) => PaymentProcessed;

function pick(
  { events }: Story,
  of: number,
  operations: readonly string[],
  kind = 'priced',
): PaymentProcessed | undefined {
  const candidates = events.filter((event) => operations.includes(event.operation) && event.kind === kind);
  return candidates[of % Math.max(1, candidates.length)];
}

/** Fee lines of several shapes, each as the processor would have priced it. */
function feesOf(choice: number, { amountMinor, currency }: { amountMinor: bigint; currency: string }): FeeLine[] {
  const line = (overrides: Partial<FeeLine>): FeeLine => ({
    ...{
      ruleId: 'r',
      ruleVersion: 1n,
      kind: 'processing',
      bearer: 'merchant',
      baseMinor: amountMinor,
      percentBps: 290,
    },
    ...{ fixedMinor: 0n, minMinor: null, maxMinor: null, refundPolicy: 'keep', tier: null, amountMinor: 0n, currency },
    ...overrides,
  });
  const firstMinor = amountMinor < 500n ? amountMinor : 500n;
  const shapes: FeeLine[][] = [
    [],
    [line({ fixedMinor: 30n, refundPolicy: 'return_proportional' })],
    [
      line({ bearer: 'customer', percentBps: 150, refundPolicy: 'return_proportional' }),
      line({ refundPolicy: 'return_all' }),
    ],
    [
      line({
        percentBps: 0,
        minMinor: 25n,
        fixedMinor: 1n,
        maxMinor: 60n,
        refundPolicy: 'return_all',
        bearer: 'customer',
      }),
    ],
    [
      line({ tier: 'marginal:0-499', percentBps: 300, refundPolicy: 'return_proportional', baseMinor: firstMinor }),
      line({ tier: 'marginal:500-', percentBps: 100, fixedMinor: 40n, baseMinor: amountMinor - firstMinor }),
    ],
  ];
  const lines = shapes[choice % shapes.length] ?? [];
  const due = feesAt(lines, amountMinor);
  return lines.map((each, at) => ({ ...each, amountMinor: due[at] ?? 0n })).filter((each) => each.amountMinor > 0n);
}

/** Fees and, when the wallet is in another currency, the conversion. */
function paidBy(currency: string, source: string, fees: FeeLine[], amountMinor: bigint): Partial<PaymentProcessed> {
  const baseRate = RATES[`${source} ${currency}`];
  if (baseRate === undefined) return { fees };
  const borneMinor = fees.reduce((sum, fee) => (fee.bearer === 'customer' ? sum + fee.amountMinor : sum), 0n);
  const terms = { fromCurrency: source, toCurrency: currency, baseRate, markupBps: 150 };
  const taken = takeFor(terms, amountMinor + borneMinor);
  const fromAmountMinor = taken.collectedMinor + taken.markupMinor;
  // More than a column holds: no processor would have written it.
  if (fromAmountMinor >= 2n ** 63n) return { fees };
  return {
    fees,
    sourceCurrency: source,
    fx: {
      ...terms,
      ...{ fromAmountMinor, toAmountMinor: amountMinor + borneMinor, markupMinor: taken.markupMinor },
      ...{ roundingMinor: taken.roundingMinor, roundingCurrency: source },
      ...{ rateSource: 'ecb', ratePublishedAt: TEST_TIME_MICROS, quoteId: null },
    },
  };
}

/** At the original rate, or, where the payment was converted, now and then at today's. */
function refundTerms(
  { currency, fx }: PaymentProcessed,
  { choice, amountMinor }: { choice: number; amountMinor: bigint },
): Partial<PaymentProcessed> {
  const original = { refund: { reasonCode: null, merchantRefundId: null, rateChoice: null } };
  const baseRate = fx === null ? undefined : RATES[`${currency} ${fx.fromCurrency}`];
  if (fx === null || currency === null || baseRate === undefined || choice % 4 !== 0) return original;
  const terms = { fromCurrency: currency, toCurrency: fx.fromCurrency, baseRate, markupBps: 0 };
  const { paidMinor, roundingMinor } = giveFor(terms, amountMinor);
  return {
    refund: { ...original.refund, rateChoice: 'current' },
    fx: {
      ...fx,
      ...terms,
      fromAmountMinor: amountMinor,
      toAmountMinor: paidMinor,
      markupMinor: 0n,
      roundingMinor,
      roundingCurrency: fx.fromCurrency,
    },
  };
}

function transferTerms({ amountMinor, choice, currency }: Move, payer: string): Partial<PaymentProcessed> {
  const payees = CUSTOMERS.filter((customer) => customer !== payer).slice(0, 1 + (choice % 2));
  const legs = payees.map((payeeCustomerId, at) => ({
    payeeCustomerId,
    amountMinor: amountMinor + BigInt(at),
    purpose: null,
  }));
  const sumMinor = legs.reduce((sum, leg) => sum + leg.amountMinor, 0n);
  const code = WALLET_CURRENCIES[currency] ?? '';
  return {
    amountMinor: sumMinor,
    fees: feesOf(choice, { amountMinor: sumMinor, currency: code }),
    transfer: { purpose: 'loan', legs, platformFeeMinor: choice % 3 === 0 ? 7n : null, relatedPaymentId: null },
  };
}

/** A pay-out as it may be asked for later: of this customer, or of this merchant. */
function aLaterPayOut(operationId: string, first: First): PaymentProcessed {
  return { ...first('po', 'pay_out', {}), operationId, paymentId: operationId };
}

/** What a provider says of a pay-out: as asked, of another amount or currency, once more, otherwise than before, or too early. */
function reportOf(event: PaymentProcessed, amountMinor: bigint | null, choice: number): PaymentProcessed {
  const isPaid = choice % 3 !== 0;
  const failure = isPaid ? null : failureOf('processing_error');
  return { ...factOf(event, isPaid ? 'pay_out_paid' : 'pay_out_failed', amountMinor), failure };
}

function factOf(
  event: PaymentProcessed,
  type: string,
  amountMinor: bigint | null,
  disputeId: string | null = null,
): PaymentProcessed {
  const { currency, requestedAt: occurredAt } = event;
  const fact = { type, provider: 'sandbox', providerEventId: event.operationId, providerReference: null, disputeId };
  return {
    ...event,
    ...{ kind: 'fact', amountMinor },
    fact: { ...fact, amountMinor, feeMinor: 15n, currency, reasonCode: null, dueBy: null, occurredAt },
  };
}

interface Who {
  customerId: string | null;
  merchantId: string;
  currency: string;
  isMerchants: boolean;
  first: First;
}

function commandOf(
  { kind, choice, amountMinor }: Move,
  { customerId, merchantId, currency, isMerchants, first }: Who,
): PaymentProcessed {
  const prefixes: Partial<Record<Move['kind'], string>> = {
    freeze: 'frz',
    unfreeze: 'unf',
    close: 'clo',
    limit: 'lim',
  };
  const accountId = isMerchants ? `test:payable:${merchantId}:${currency}` : `test:wallet:${customerId}:${currency}`;
  const limits = {
    overdraftMinor: choice % 2 === 0 ? amountMinor : null,
    dailyAmountMinor: choice % 3 === 0 ? amountMinor * 2n : null,
    dailyCount: choice % 2 === 1 ? BigInt(choice % 7) : null,
  };
  const terms = kind === 'limit' ? limits : { overdraftMinor: null, dailyAmountMinor: null, dailyCount: null };
  return first(prefixes[kind] ?? '', kind, {
    ...{ customerId: isMerchants ? null : customerId, amountMinor: null, currency: null, method: null },
    account: { accountId, ...terms },
  });
}

function correctionOf(
  earlier: PaymentProcessed,
  { first, amountMinor, choice }: { first: First; amountMinor: bigint; choice: number },
): PaymentProcessed {
  const { merchantId, customerId } = earlier;
  const currency = earlier.currency ?? 'USD';
  const owned =
    customerId === null ? `test:payable:${merchantId}:${currency}` : `test:wallet:${customerId}:${currency}`;
  const other =
    choice % 2 === 0 ? `test:suspense:${currency}` : `test:payable:${MERCHANTS[choice % 2] ?? ''}:${currency}`;
  const [debitAccountId, creditAccountId] = choice % 3 === 0 ? [owned, other] : [other, owned];
  const lines = debitAccountId === creditAccountId ? [] : [{ debitAccountId, creditAccountId, currency, amountMinor }];
  return first('cor', 'correct', {
    ...{ merchantId, customerId, amountMinor: null, currency: null, method: null },
    ...(choice % 5 === 0 ? { paymentId: earlier.paymentId } : {}),
    correction: { ofOperationId: earlier.operationId, lines },
  });
}

/** Tight enough to refuse now and then: so many, or so much, within some hours. */
function aRule(choice: number, currency: string) {
  const count = BigInt(1 + (choice % 3));
  const bound =
    choice % 2 === 0 ? { amountMinor: 900n, currency, count: null } : { amountMinor: null, currency: null, count };
  return {
    ruleId: `velocity_${choice % 3}`,
    ruleVersion: 1n,
    ...bound,
    windowSeconds: BigInt(3_600 * (1 + (choice % 4))),
  };
}
