// The story of a loan: two investors lend, the borrower is paid out, and repays in parts with interest split between them.

import type { Story } from './story.ts';

const CURRENCY = 'EUR';

export async function tellLending(story: Story): Promise<void> {
  const ida = await story.person('Ida');
  const ivan = await story.person('Ivan');
  const bo = await story.person('Bo');
  await topUp(story, 'Ida puts 1,000.00 EUR in, to invest', ida, 100_000);
  await topUp(story, 'Ivan puts 500.00 EUR in', ivan, 50_000);
  const loan = await story.tell({
    title: 'Ida lends Bo 600.00 EUR',
    path: '/v1/transfers',
    body: transfer(ida, 'loan', [{ customer: bo, amount: 60_000, purpose: 'principal' }]),
    expect: 'succeeded',
  });
  await story.tell({
    title: 'Ivan lends him 400.00 EUR',
    path: '/v1/transfers',
    body: transfer(ivan, 'loan', [{ customer: bo, amount: 40_000, purpose: 'principal' }]),
    expect: 'succeeded',
  });
  await payOut(story, bo);
  await topUp(story, 'Months later Bo pays 1,030.00 EUR in', bo, 103_000);
  for (const [part, share] of ['the first half', 'the second half'].entries()) {
    await story.tell({
      title: `He repays ${share}: principal and interest to both, and 2.50 EUR to the platform`,
      path: '/v1/transfers',
      body: {
        ...transfer(bo, 'repayment', [
          { customer: ida, amount: 30_000, purpose: 'principal' },
          { customer: ida, amount: part === 0 ? 750 : 690, purpose: 'interest' },
          { customer: ivan, amount: 20_000, purpose: 'principal' },
          { customer: ivan, amount: part === 0 ? 500 : 460, purpose: 'interest' },
        ]),
        ...{ platform_fee: 250, related: loan['id'] },
      },
      expect: 'succeeded',
    });
  }
}

function topUp(story: Story, title: string, customer: string, amount: number) {
  const body = { customer, amount, currency: CURRENCY };
  return story.tell({ title, path: '/v1/top_ups', body, expect: 'succeeded' });
}

async function payOut(story: Story, customer: string): Promise<void> {
  const sent = await story.tell({
    title: 'Bo has 1,000.00 EUR paid out to his bank',
    path: '/v1/payouts',
    body: { customer, amount: 100_000, currency: CURRENCY },
    shownAt: '/v1/payouts',
    expect: 'in_transit',
  });
  const id = String(sent['id']);
  await story.tell({
    title: 'His bank has it',
    path: '/v1/sandbox/provider_events',
    body: { id: `paid-${id}`, type: 'pay_out_paid', payout: id },
    shownAt: '/v1/payouts',
    about: id,
    expect: 'paid',
  });
}

interface Payee {
  readonly customer: string;
  readonly amount: number;
  readonly purpose: string;
}

function transfer(customer: string, purpose: string, payees: readonly Payee[]): object {
  return { customer, currency: CURRENCY, purpose, payees };
}
