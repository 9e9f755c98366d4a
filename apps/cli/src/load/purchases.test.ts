// Shows what a purchases file may look like, and that each fault is named with its row.

import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parsePurchases, readPurchases } from './purchases.ts';

const HEADER = 'customer_id,date,quantity,amount_usd';
const SAMPLE = fileURLToPath(new URL('../../../../data/cdnow-sample.csv', import.meta.url));

describe('a purchases file', () => {
  it('becomes rows in file order, with amounts in cents', () => {
    const rows = parsePurchases(`${HEADER}\n00004,1997-01-01,2,29.33\n00018,1997-01-04,1,0.10\n`, 'x.csv');
    expect(rows.map(({ customer, amountMinor }) => [customer, amountMinor])).toEqual([
      ['00004', 2_933n],
      ['00018', 10n],
    ]);
  });

  it('numbers equal rows, so that each is a purchase of its own', () => {
    const row = '00004,1997-01-01,2,29.33';
    const rows = parsePurchases([HEADER, row, '00018,1997-01-04,1,0.10', row].join('\r\n'), 'x.csv');
    expect(rows.map(({ occurrence }) => occurrence)).toEqual([1, 1, 2]);
  });

  it('may order and add columns as it likes', () => {
    const rows = parsePurchases('amount_usd,note,quantity,date,customer_id\n5,hello,1,1997-01-01,7\n', 'x.csv');
    expect(rows).toEqual([{ customer: '7', date: '1997-01-01', quantity: '1', amountMinor: 500n, occurrence: 1 }]);
  });

  it('keeps zero and negative amounts for the gateway to refuse', () => {
    const rows = parsePurchases(`${HEADER}\n1,1997-01-01,1,0.00\n1,1997-01-01,1,-1.00\n`, 'x.csv');
    expect(rows.map(({ amountMinor }) => amountMinor)).toEqual([0n, -100n]);
  });

  it.each([
    ['an empty file', '', 'x.csv lacks the column customer_id and date and quantity and amount_usd'],
    ['a missing column', 'customer_id,date,quantity\n1,1997-01-01,1\n', 'x.csv lacks the column amount_usd'],
    ['a word as amount', `${HEADER}\n1,1997-01-01,1,ten\n`, 'row 2: amount_usd "ten" is not an amount'],
    ['a third digit', `${HEADER}\n1,1997-01-01,1,1.00\n1,1997-01-01,1,1.005\n`, 'row 3: amount_usd "1.005"'],
    ['no customer', `${HEADER}\n,1997-01-01,1,1.00\n`, 'row 2: customer_id is empty'],
    ['a short row', `${HEADER}\n1,1997-01-01\n`, 'x.csv is not CSV'],
  ])('is refused for %s', (_fault, text, message) => {
    expect(() => parsePurchases(text, 'x.csv')).toThrow(message);
  });

  it('that does not exist is said so', async () => {
    await expect(readPurchases('/nowhere.csv')).rejects.toThrow('There is no file /nowhere.csv.');
  });
});

describe('the real sample', () => {
  it('holds 6,919 purchases of 2,357 customers, eight of nothing, 244,091.94 USD', async () => {
    const rows = await readPurchases(SAMPLE);
    expect(rows).toHaveLength(6_919);
    expect(new Set(rows.map(({ customer }) => customer)).size).toBe(2_357);
    expect(rows.filter(({ amountMinor }) => amountMinor === 0n)).toHaveLength(8);
    expect(rows.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).toBe(24_409_194n);
    expect(rows.filter(({ occurrence }) => occurrence > 1)).toHaveLength(21);
  });
});
