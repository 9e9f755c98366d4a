// Owns the words of every e-mail: what the customer is told in which case.
import { formatMoney } from '@paystream/money';
import type { WaitingEmail } from '../store/load-waiting-emails.ts';

export interface Words {
  subject: string;
  /** Plain paragraphs, in order. */
  paragraphs: string[];
}

type Told = Pick<WaitingEmail, 'amountMinor' | 'currency' | 'failureCode' | 'balanceMinor' | 'paymentId'>;

/** The name of a template is data on the topic: none is ever renamed. */
const templates = {
  payment_succeeded: (told: Told): Words => ({
    subject: `You paid ${amountOf(told)}`,
    paragraphs: [`Your payment of ${amountOf(told)} was made.`, ...balanceOf(told), referenceOf(told)],
  }),
  payment_failed: (told: Told): Words => ({
    subject: `Your payment of ${amountOf(told)} was not made`,
    paragraphs: [
      `Your payment of ${amountOf(told)} was not made: ${reasonOf(told)}. No money has left your wallet.`,
      ...balanceOf(told),
      referenceOf(told),
    ],
  }),
  payment_authorized: (told: Told): Words => ({
    subject: `${amountOf(told)} is set aside for a payment`,
    paragraphs: [
      `${amountOf(told)} is set aside in your wallet for a payment. It is paid when the merchant takes it, and free again if not.`,
      ...balanceOf(told),
      referenceOf(told),
    ],
  }),
  payment_captured: (told: Told): Words => ({
    subject: `You paid ${amountOf(told)}`,
    paragraphs: [
      `The merchant has taken ${amountOf(told)} of what was set aside for your payment.`,
      ...balanceOf(told),
      referenceOf(told),
    ],
  }),
  hold_released: (told: Told): Words => ({
    subject: `${amountOf(told)} is free again`,
    paragraphs: [
      `${amountOf(told)} that was set aside for a payment is free again and stays in your wallet.`,
      ...balanceOf(told),
      referenceOf(told),
    ],
  }),
  refund_succeeded: (told: Told): Words => ({
    subject: `${amountOf(told)} was given back to you`,
    paragraphs: [
      `The merchant has given back ${amountOf(told)} of your payment.`,
      ...balanceOf(told),
      referenceOf(told),
    ],
  }),
  top_up_succeeded: (told: Told): Words => ({
    subject: `${amountOf(told)} is in your wallet`,
    paragraphs: [`Your top-up of ${amountOf(told)} is in your wallet.`, ...balanceOf(told), referenceOf(told)],
  }),
  top_up_failed: (told: Told): Words => ({
    subject: `Your top-up of ${amountOf(told)} did not succeed`,
    paragraphs: [`Your top-up of ${amountOf(told)} did not succeed: ${reasonOf(told)}.`, referenceOf(told)],
  }),
  transfer_sent: (told: Told): Words => ({
    subject: `You sent ${amountOf(told)}`,
    paragraphs: [`Your transfer of ${amountOf(told)} was made.`, ...balanceOf(told), referenceOf(told)],
  }),
  transfer_received: (told: Told): Words => ({
    subject: `You received ${amountOf(told)}`,
    paragraphs: [`A transfer of ${amountOf(told)} is in your wallet.`, ...balanceOf(told), referenceOf(told)],
  }),
  transfer_failed: (told: Told): Words => ({
    subject: `Your transfer of ${amountOf(told)} was not made`,
    paragraphs: [
      `Your transfer of ${amountOf(told)} was not made: ${reasonOf(told)}. No money has left your wallet.`,
      ...balanceOf(told),
      referenceOf(told),
    ],
  }),
  pay_out_sent: (told: Told): Words => ({
    subject: `${amountOf(told)} was paid out to you`,
    paragraphs: [`Your pay-out of ${amountOf(told)} was made.`, ...balanceOf(told), referenceOf(told)],
  }),
  pay_out_failed: (told: Told): Words => ({
    subject: `Your pay-out of ${amountOf(told)} was not made`,
    paragraphs: [
      `Your pay-out of ${amountOf(told)} was not made: ${reasonOf(told)}. The money is in your wallet.`,
      ...balanceOf(told),
      referenceOf(told),
    ],
  }),
  pay_out_returned: (told: Told): Words => ({
    subject: `Your pay-out of ${amountOf(told)} came back`,
    paragraphs: [
      `Your pay-out of ${amountOf(told)} came back from where it was sent. The money is in your wallet again.`,
      ...balanceOf(told),
      referenceOf(told),
    ],
  }),
  account_frozen: (told: Told): Words => ({
    subject: `Your ${walletOf(told)} is frozen`,
    paragraphs: [
      `Your ${walletOf(told)} is frozen: money can come in, and none can leave it for now.`,
      ...balanceOf(told),
      referenceOf(told),
    ],
  }),
  account_unfrozen: (told: Told): Words => ({
    subject: `Your ${walletOf(told)} can be used again`,
    paragraphs: [`Your ${walletOf(told)} can be used again.`, ...balanceOf(told), referenceOf(told)],
  }),
  account_closed: (told: Told): Words => ({
    subject: `Your ${walletOf(told)} is closed`,
    paragraphs: [`Your ${walletOf(told)} is closed.`, referenceOf(told)],
  }),
} as const satisfies Record<string, (told: Told) => Words>;

/** What is told of an account names no amount. */
const WITHOUT_AMOUNT: ReadonlySet<Template> = new Set(['account_frozen', 'account_unfrozen', 'account_closed']);

export type Template = keyof typeof templates;

export function isTemplate(name: string): name is Template {
  return Object.hasOwn(templates, name);
}

/** Whether the template's words name an amount, and so cannot do without one. */
export function namesAmount(template: Template): boolean {
  return !WITHOUT_AMOUNT.has(template);
}

export function wordsOf(template: Template, told: Told): Words {
  return templates[template](told);
}

/** The codes a customer may be told, in words; others are a plain refusal. */
const reasons: Readonly<Record<string, string>> = {
  insufficient_funds: 'there was not enough money in your wallet',
  limit_exceeded: 'it would have gone beyond a limit of your account',
  velocity_limit_exceeded: 'it would have gone beyond a limit of what you may spend in a time',
  account_frozen: 'your account is frozen',
  account_closed_or_invalid: 'an account that it needs is closed',
  fx_quote_expired: 'its exchange rate is no longer valid',
  fx_rate_stale: 'there is no exchange rate for it at the moment',
  merchant_inactive: 'the merchant cannot take payments at the moment',
  currency_not_supported: 'its currency is not supported',
};

function reasonOf({ failureCode }: Told): string {
  return (failureCode === null ? undefined : reasons[failureCode]) ?? 'it was refused';
}

/** Empty only for words that name no amount: others without one are dead letters. */
function amountOf({ amountMinor, currency }: Told): string {
  return amountMinor === null ? '' : formatMoney({ minor: amountMinor, currency });
}

function walletOf({ currency }: Told): string {
  return `${currency} wallet`;
}

function balanceOf({ balanceMinor, currency }: Told): string[] {
  if (balanceMinor === null) return [];
  return [`Your wallet now holds ${formatMoney({ minor: balanceMinor, currency })}.`];
}

function referenceOf({ paymentId }: Told): string {
  return `Reference: ${paymentId}`;
}
