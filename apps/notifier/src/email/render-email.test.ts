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
    {
      overrides: { template: 'payment_authorized', balanceMinor: 10_000n },
      subject: '10.99 USD is set aside for a payment',
      body:
        '10.99 USD is set aside in your wallet for a payment. It is paid when the merchant takes it, and free again ' +
        'if not.\n\nYour wallet now holds 100.00 USD.',
    },
    {
      overrides: { template: 'payment_captured', balanceMinor: null },
      subject: 'You paid 10.99 USD',
      body: 'The merchant has taken 10.99 USD of what was set aside for your payment.',
    },
    {
      overrides: { template: 'hold_released', balanceMinor: null },
      subject: '10.99 USD is free again',
      body: '10.99 USD that was set aside for a payment is free again and stays in your wallet.',
    },
    {
      overrides: { template: 'refund_succeeded' },
      subject: '10.99 USD was given back to you',
      body: 'The merchant has given back 10.99 USD of your payment.\n\nYour wallet now holds 89.01 USD.',
    },
    {
      overrides: { template: 'transfer_sent' },
      subject: 'You sent 10.99 USD',
      body: 'Your transfer of 10.99 USD was made.\n\nYour wallet now holds 89.01 USD.',
    },
    {
      overrides: { template: 'transfer_received' },
      subject: 'You received 10.99 USD',
      body: 'A transfer of 10.99 USD is in your wallet.\n\nYour wallet now holds 89.01 USD.',
    },
    {
      overrides: { template: 'transfer_failed', failureCode: 'velocity_limit_exceeded', balanceMinor: null },
      subject: 'Your transfer of 10.99 USD was not made',
      body:
        'Your transfer of 10.99 USD was not made: it would have gone beyond a limit of what you may spend in a time. ' +
        'No money has left your wallet.',
    },
    {
      overrides: { template: 'pay_out_sent', balanceMinor: null },
      subject: '10.99 USD was paid out to you',
      body: 'Your pay-out of 10.99 USD was made.',
    },
    {
      overrides: { template: 'pay_out_failed', failureCode: 'do_not_honor', balanceMinor: null },
      subject: 'Your pay-out of 10.99 USD was not made',
      body: 'Your pay-out of 10.99 USD was not made: it was refused. The money is in your wallet.',
    },
    {
      overrides: { template: 'pay_out_returned', balanceMinor: null },
      subject: 'Your pay-out of 10.99 USD came back',
      body: 'Your pay-out of 10.99 USD came back from where it was sent. The money is in your wallet again.',
    },
    {
      overrides: { template: 'account_frozen', amountMinor: null, balanceMinor: 8901n },
      subject: 'Your USD wallet is frozen',
      body:
        'Your USD wallet is frozen: money can come in, and none can leave it for now.\n\n' +
        'Your wallet now holds 89.01 USD.',
    },
    {
      overrides: { template: 'account_unfrozen', amountMinor: null, balanceMinor: null },
      subject: 'Your USD wallet can be used again',
      body: 'Your USD wallet can be used again.',
    },
    {
      overrides: { template: 'account_closed', amountMinor: null, balanceMinor: 0n },
      subject: 'Your USD wallet is closed',
      body: 'Your USD wallet is closed.',
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
