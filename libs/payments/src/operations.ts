// Lists what may be asked for on money, and where each request belongs on the log.

/** Every operation there is, in the words of the topics. `dispute`, `return` and `report` are only ever facts from outside. */
export const operations = [
  'pay',
  'authorize',
  'capture',
  'cancel',
  'expire',
  'refund',
  'transfer',
  'top_up',
  'pay_out',
  'limit',
  'freeze',
  'unfreeze',
  'close',
  'correct',
  'resolve',
  'dispute',
  'return',
  'report',
] as const;

export type Operation = (typeof operations)[number];

const known: ReadonlySet<string> = new Set(operations);

export function isOperation(name: string): name is Operation {
  return known.has(name);
}

/** Sandbox and real money never meet: the environment is part of every account's identity. */
export const environments = ['test', 'live'] as const;

export type Environment = (typeof environments)[number];

export function isEnvironment(name: string): name is Environment {
  return name === 'test' || name === 'live';
}

/** What decides the key of a record: the ids as payment.requested and its successors carry them. */
export interface KeyedOperation {
  operation: string;
  paymentId: string;
  merchantId: string;
  customerId: string | null;
}

/** Commands upon the merchant's own money and accounts, when no customer takes part. */
const MERCHANT_COMMANDS: ReadonlySet<string> = new Set([
  'pay_out',
  'return',
  'report',
  'limit',
  'freeze',
  'unfreeze',
  'close',
  'correct',
]);

/**
 * The key of every payment topic: the payer's customer id (a top-up: the receiver's), for a merchant's pay-outs,
 * what is reported of them, their returns, and commands and corrections the merchant's, else the payment's. So all of one payment, and all of one customer's spending, is in order in
 * one partition.
 */
export function keyOfOperation({ operation, paymentId, merchantId, customerId }: KeyedOperation): string {
  if (customerId !== null) return customerId;
  return MERCHANT_COMMANDS.has(operation) ? merchantId : paymentId;
}
