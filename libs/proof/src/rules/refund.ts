// Gives a captured payment back, in part or whole, with its fees by their policies.

import { floor, parseRate, roundHalfEven } from '@paystream/money';
import type { AskedOperation, Conversion } from '../inputs.ts';
import type { Movement } from '../movements.ts';
import { move } from '../movements.ts';
import type { Payment } from '../payments.ts';
import type { AccountNames } from './account-names.ts';
import { convert } from './conversion.ts';
import { differences, feesBackAt, sayTaken } from './fees.ts';
import { giveConverted, goneBackMinor } from './give.ts';
import { amountOf } from './lawful.ts';
import type { Proposal, Scene } from './proposal.ts';
import { decline, succeed, unlawful } from './proposal.ts';
import { walletOf } from './take.ts';

export function refund(asked: AskedOperation, { payment, names }: Scene): Proposal {
  const amount = amountOf(asked);
  if (typeof amount === 'string') return unlawful(amount);
  if (asked.refund === null) return unlawful('it has no terms of a refund');
  if (payment?.status === 'disputed' || payment?.status === 'charged_back') return decline('payment_disputed');
  if (payment === undefined || !isRefundable(payment, amount.amountMinor)) return decline('refund_exceeds_captured');
  const { terms, capturedMinor } = payment;
  if (amount.currency !== terms.currency) return decline('refund_exceeds_captured');

  const refundedMinor = payment.refundedMinor + amount.amountMinor;
  const status = refundedMinor === capturedMinor ? 'refunded' : 'partially_refunded';
  const after: Payment = { ...payment, refundedMinor, status };
  const feesBack = differences(feesBackOf(after), feesBackOf(payment));
  const back = takeBack(after, names, amount.amountMinor, feesBack);
  const fees = sayTaken(
    terms.rules,
    feesBack.map((feeMinor) => -feeMinor),
  );
  if (terms.conversion === null || asked.refund.rateChoice !== 'current') {
    const movements = [...back, ...giveConverted(payment, after, names)];
    return succeed({ movements, fees, payment: after });
  }
  if (!isBackConversion(asked.fx, terms.currency, terms.conversion.fromCurrency)) return decline('ledger_rejected');
  const fx = convertBack(asked.fx, goneBackMinor(after) - goneBackMinor(payment));
  const movements = [...back, ...giveAtCurrentRate(after, names, fx)];
  return succeed({ movements, fees, fx, payment: after });
}

function isRefundable(payment: Payment, amountMinor: bigint): boolean {
  const { status, refundedMinor, disputedMinor, capturedMinor } = payment;
  if (status !== 'succeeded' && status !== 'partially_refunded') return false;
  return refundedMinor + disputedMinor + amountMinor <= capturedMinor;
}

function feesBackOf({ terms, refundedMinor, capturedMinor }: Payment): bigint[] {
  return feesBackAt(terms, refundedMinor, capturedMinor);
}

/** Steps 1 and 2: what the merchant and the fee income give, to the wallet or with a conversion to the position. */
function takeBack(payment: Payment, names: AccountNames, amountMinor: bigint, feesBack: readonly bigint[]): Movement[] {
  const { terms } = payment;
  const { currency } = terms;
  const payable = names.payable(terms.merchantId, currency);
  const feeIncome = names.house('fee_income', currency);
  const receiver = terms.conversion === null ? walletOf(terms, names) : names.house('fx_position', currency);
  return [
    ...move(payable, receiver, currency, amountMinor),
    ...terms.rules.flatMap(({ bearer }, index) =>
      move(feeIncome, bearer === 'merchant' ? payable : receiver, currency, feesBack[index] ?? 0n),
    ),
  ];
}

function isBackConversion(fx: Conversion | null, from: string, to: string): fx is Conversion {
  const isFit = fx?.fromCurrency === from && fx.toCurrency === to;
  return isFit && parseRate(fx.baseRate) !== undefined;
}

/** The record's terms with the amounts of what is converted: rounded down, and what that left by name. */
function convertBack(fx: Conversion, fromAmountMinor: bigint): Conversion {
  const exact = convert(fromAmountMinor, fx.fromCurrency, fx.toCurrency, fx.baseRate);
  const toAmountMinor = floor(exact);
  return {
    ...fx,
    fromAmountMinor,
    toAmountMinor,
    markupMinor: 0n,
    roundingMinor: roundHalfEven(exact) - toAmountMinor,
    roundingCurrency: fx.toCurrency,
  };
}

function giveAtCurrentRate({ terms }: Payment, names: AccountNames, fx: Conversion): Movement[] {
  const position = names.house('fx_position', fx.toCurrency);
  return [
    ...move(position, walletOf(terms, names), fx.toCurrency, fx.toAmountMinor),
    ...move(position, names.house('fx_rounding', fx.toCurrency), fx.toCurrency, fx.roundingMinor),
  ];
}
