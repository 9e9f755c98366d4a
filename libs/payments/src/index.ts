// Knows the life of a payment: which step may follow which, and why not.
export type { AccountKind, AccountName, HouseKind, OwnedKind, ProviderKind } from './accounts.ts';
export {
  houseAccountId,
  houseKinds,
  isProviderName,
  ownedKinds,
  parseAccountId,
  payableAccountId,
  providerAccountId,
  providerKinds,
  receivableAccountId,
  walletAccountId,
} from './accounts.ts';
export type { Failure, FailureAdvice, FailureCategory, FailureCode, FailureDetails, FailureStage } from './failures.ts';
export { customerCodeOf, failureOf, failures, isFailureCode, mayRetry } from './failures.ts';
export type { Id, IdempotencyScope, Prefix } from './ids.ts';
export {
  customerIdOf,
  derivedId,
  expireIdOf,
  factIdOf,
  fromUuid,
  HOUSE_MERCHANT_ID,
  isAnyId,
  isId,
  newId,
  operationIdOf,
  operationPrefixes,
  prefixes,
  toUuid,
} from './ids.ts';
export { isAmount, isCode, isCountry, isForeignId, isHoldEnd, isTime } from './legal.ts';
export type { PaymentEvent, PaymentState, PaymentStatus, Step, Transition } from './lifecycle.ts';
export { isPaymentStatus, isTerminal, nextState, paymentEvents, statuses, statusOf, transitions } from './lifecycle.ts';
export type { Environment, KeyedOperation, Operation } from './operations.ts';
export { environments, isEnvironment, isOperation, keyOfOperation, operations } from './operations.ts';
