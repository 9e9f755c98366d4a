// Knows what an amount is and refuses to mix or lose it.
export { allocate } from './allocate.ts';
export { currencies, exponentOf, isCurrency } from './currency.ts';
export type { MoneyErrorCode } from './errors.ts';
export { MoneyError } from './errors.ts';
export type { Money } from './money.ts';
export { add, compare, isWithinBounds, MINOR_MAX, money, subtract } from './money.ts';
export type { Ratio } from './ratio.ts';
export { ceil, divide, floor, multiply, parseRate, ratio, roundHalfEven, toDecimal } from './ratio.ts';
export { divideHalfEven, percentOf } from './rounding.ts';
export type { AmountProblem, ParsedAmount } from './text.ts';
export { formatDecimal, formatMoney, HTTP_AMOUNT_MAX, parseAmount, parseDecimal } from './text.ts';
