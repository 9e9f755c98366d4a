// What customers read, word for word.
import { describe, expect, it } from 'vitest';
import type { WaitingEmail } from '../store/load-waiting-emails.ts';
import { renderEmail } from './render-email.ts';

const email: WaitingEmail = {
  notificationId: 'ntf_1',
  customerId: 'cus_1',
  environment: 'live',
  template: 'payment_succeeded',
  paymentId: 'pay_1',
  amountMinor: 1099n,
  currency: 'USD',
  failureCode: null,
  balanceMinor: 8901n,
  occurredAt: new Date(0),
};

const ada = { email: 'ada@example.org', name: 'Ada' };

describe('each template', () => {
  it.each<{ overrides: Partial<WaitingEmail>; subject: string; body: string }>([
    {
      overrides: {},
      subject: 'You paid 10.99 USD',
      body: 'Your payment of 10.99 USD was made.\n\nYour wallet now holds 89.01 USD.',
    },
    {
      overrides: { balanceMinor: null },
      subject: 'You paid 10.99 USD',
      body: 'Your payment of 10.99 USD was made.',
    },
    {
      overrides: { template: 'payment_failed', failureCode: 'insufficient_funds', balanceMinor: 300n },
      subject: 'Your payment of 10.99 USD was not made',
      body:
        'Your payment of 10.99 USD was not made: there was not enough money in your wallet. ' +
        'No money has left your wallet.\n\nYour wallet now holds 3.00 USD.',
    },
    {
      overrides: { template: 'payment_failed', failureCode: 'a code of next year', balanceMinor: null },
      subject: 'Your payment of 10.99 USD was not made',
      body: 'Your payment of 10.99 USD was not made: it was refused. No money has left your wallet.',
    },
    {
      overrides: { template: 'top_up_succeeded', currency: 'JPY', amountMinor: 500n, balanceMinor: 500n },
      subject: '500 JPY is in your wallet',
      body: 'Your top-up of 500 JPY is in your wallet.\n\nYour wallet now holds 500 JPY.',
    },
    {
      overrides: { template: 'top_up_failed', failureCode: 'account_frozen' },
      subject: 'Your top-up of 10.99 USD did not succeed',
      body: 'Your top-up of 10.99 USD did not succeed: your account is frozen.',
    },
  ])('$overrides.template $subject', ({ overrides, subject, body }) => {
    const rendered = renderEmail({ ...email, ...overrides }, ada);
    expect(rendered.subject).toBe(subject);
    expect(rendered.text).toBe(`Hello Ada,\n\n${body}\n\nReference: pay_1\n`);
  });

  it('says when it is only a test', () => {
    expect(renderEmail({ ...email, environment: 'test' }, ada).subject).toBe('[test] You paid 10.99 USD');
  });

  it('greets who has no name', () => {
    expect(renderEmail(email, { ...ada, name: null }).text).toMatch(/^Hello,\n/);
  });
});

it('says the same in HTML, where a name is text', () => {
  const { html } = renderEmail(email, { ...ada, name: `<i title="'">&` });
  expect(html).toContain('<p>Hello &lt;i title=&quot;&#39;&quot;&gt;&amp;,</p>');
  expect(html).toContain('<p>Your payment of 10.99 USD was made.</p>');
});

it('refuses a template that nobody wrote', () => {
  expect(() => renderEmail({ ...email, template: 'toString' }, ada)).toThrow('There is no template toString');
});
