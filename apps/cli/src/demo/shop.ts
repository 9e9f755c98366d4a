// The story of a shop: orders held and captured parcel by parcel, a return, and a customer who pays in another currency.

import type { Story } from './story.ts';

export async function tellShop(story: Story): Promise<void> {
  const ada = await story.person('Ada');
  const ben = await story.person('Ben');
  await story.tell({
    title: 'Ada puts 500.00 USD into her wallet',
    path: '/v1/top_ups',
    body: { customer: ada, amount: 50_000, currency: 'USD' },
    expect: 'succeeded',
  });
  const order = await story.tell({
    title: 'She orders for 120.00 USD: the money is held',
    path: '/v1/payments',
    body: { customer: ada, amount: 12_000, currency: 'USD', capture_method: 'manual', description: 'Three books' },
    expect: 'authorized',
  });
  const payment = `/v1/payments/${String(order['id'])}`;
  await story.tell({
    title: 'The first parcel leaves: 80.00 USD are captured',
    path: `${payment}/capture`,
    body: { amount: 8_000, final: false },
    expect: 'succeeded',
  });
  await story.tell({
    title: 'The second is the last, for 25.00 USD: what is left of the hold is released',
    path: `${payment}/capture`,
    body: { amount: 2_500, final: true },
    expect: 'succeeded',
  });
  await story.tell({
    title: 'Ada sends a book back: 30.00 USD are refunded',
    path: `${payment}/refunds`,
    body: { amount: 3_000, reason: 'returned' },
    expect: 'succeeded',
  });
  await tellAcrossCurrencies(story, ben);
}

async function tellAcrossCurrencies(story: Story, ben: string): Promise<void> {
  await story.tell({
    title: 'Ben puts 200.00 EUR into his wallet',
    path: '/v1/top_ups',
    body: { customer: ben, amount: 20_000, currency: 'EUR' },
    expect: 'succeeded',
  });
  const quote = await story.tell({
    title: 'The shop locks a rate for him',
    path: '/v1/fx_quotes',
    body: { from_currency: 'EUR', to_currency: 'USD', lock: 'hour' },
  });
  const order = await story.tell({
    title: 'He orders for 90.00 USD and pays from his euros: they are held at that rate',
    path: '/v1/payments',
    body: {
      ...{ customer: ben, amount: 9_000, currency: 'USD', source_currency: 'EUR', fx_quote: quote['id'] },
      capture_method: 'manual',
    },
    expect: 'authorized',
  });
  const payment = `/v1/payments/${String(order['id'])}`;
  await story.tell({
    title: 'A third of it is captured',
    path: `${payment}/capture`,
    body: { amount: 3_000, final: false },
    expect: 'succeeded',
  });
  await story.tell({
    title: 'And the rest',
    path: `${payment}/capture`,
    body: { amount: 6_000 },
    expect: 'succeeded',
  });
  await story.tell({
    title: 'Half is refunded, at the rate he paid',
    path: `${payment}/refunds`,
    body: { amount: 4_500 },
    expect: 'succeeded',
  });
}
