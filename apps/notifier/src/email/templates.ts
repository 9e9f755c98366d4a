// Owns the words of every e-mail: what the customer is told in which case.
import { formatMoney } from '@paystream/money';
import type { WaitingEmail } from '../store/load-waiting-emails.ts';

export interface Words {
  subject: string;
  /** Plain paragraphs, in order. */
  paragraphs: string[];
}

type Told = Pick<WaitingEmail, 'amountMinor' | 'currency' | 'failureCode' | 'balanceMinor' | 'paymentId'>;

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
  top_up_succeeded: (told: Told): Words => ({
    subject: `${amountOf(told)} is in your wallet`,
    paragraphs: [`Your top-up of ${amountOf(told)} is in your wallet.`, ...balanceOf(told), referenceOf(told)],
  }),
  top_up_failed: (told: Told): Words => ({
    subject: `Your top-up of ${amountOf(told)} did not succeed`,
    paragraphs: [`Your top-up of ${amountOf(told)} did not succeed: ${reasonOf(told)}.`, referenceOf(told)],
  }),
} as const;

export type Template = keyof typeof templates;

export function isTemplate(name: string): name is Template {
  return Object.hasOwn(templates, name);
}

export function wordsOf(template: Template, told: Told): Words {
  return templates[template](told);
}

/** The codes a customer may be told, in words; others are a plain refusal. */
const reasons: Readonly<Record<string, string>> = {
  insufficient_funds: 'there was not enough money in your wallet',
  limit_exceeded: 'it would have gone beyond a limit of your account',
  account_frozen: 'your account is frozen',
  merchant_inactive: 'the merchant cannot take payments at the moment',
  currency_not_supported: 'its currency is not supported',
};

function reasonOf({ failureCode }: Told): string {
  return (failureCode === null ? undefined : reasons[failureCode]) ?? 'it was refused';
}

function amountOf({ amountMinor, currency }: Told): string {
  return formatMoney({ minor: amountMinor, currency });
}

function balanceOf({ balanceMinor, currency }: Told): string[] {
  if (balanceMinor === null) return [];
  return [`Your wallet now holds ${formatMoney({ minor: balanceMinor, currency })}.`];
}

function referenceOf({ paymentId }: Told): string {
  return `Reference: ${paymentId}`;
}
