// What the bank's file says, to the digit; what is not such a file is refused by row and reason.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseRates, RatesFileError } from './parse-rates.ts';

const HEADER = 'Date,USD,JPY,BGN';

test('each value is a rate of its currency and day, the oldest first, as the file writes it', () => {
  const text = `${HEADER}\n2026-10-30,1.1172,175.680,N/A\n2026-10-29,1.113,N/A,1.9558\n`;
  const rates = parseRates(text);
  expect(rates.map(({ rateDate, quoteCurrency, rate }) => `${rateDate} ${quoteCurrency} ${rate}`)).toEqual([
    '2026-10-29 USD 1.113',
    '2026-10-29 BGN 1.9558',
    '2026-10-30 USD 1.1172',
    '2026-10-30 JPY 175.680',
  ]);
  expect(rates.at(-1)).toEqual({
    baseCurrency: 'EUR',
    quoteCurrency: 'JPY',
    rate: '175.680',
    source: 'ecb',
    rateDate: '2026-10-30',
    publishedAt: BigInt(Date.parse('2026-10-30T15:00:00Z')) * 1_000n,
  });
});

test('commas at the ends of lines, spaces, carriage returns, a byte order mark and currencies of the past do no harm', () => {
  const text = '\ufeffDate, USD, LTL,\r\n2014-12-31, 1.2141, 3.4528,\r\n\r\n';
  expect(parseRates(text).map(({ quoteCurrency, rate }) => `${quoteCurrency} ${rate}`)).toEqual(['USD 1.2141']);
});

test('the bundled file is read whole', () => {
  const text = readFileSync(new URL('../../../data/ecb-eurofxref-2026.csv', import.meta.url), 'utf8');
  const rates = parseRates(text);
  const days = new Set(rates.map(({ rateDate }) => rateDate));
  expect([days.size, rates.length, rates[0]?.rateDate, rates.at(-1)?.rateDate]).toEqual([
    213,
    213 * 29,
    '2026-01-02',
    '2026-10-30',
  ]);
});

test.each([
  ['', 'does not begin with a column Date'],
  ['<!doctype html>\n<p>Not found', 'does not begin with a column Date'],
  [HEADER, 'no rows'],
  ['Date,USD,usd\n2026-10-30,1,1', 'column "usd"'],
  ['Date,USD,USD\n2026-10-30,1,1', 'a currency twice'],
  ['Date,LTL\n2026-10-30,1', 'has no currency'],
  [`${HEADER}\n2026-10-30,1.1,175`, 'row 2: 2 rates for 3 currencies'],
  [`${HEADER}\n2026-10-30,1.1,175,1,1`, 'row 2: 4 rates for 3 currencies'],
  [`${HEADER}\n2026-10-30,1.1,175,1\n30/10/2026,1.1,175,1`, 'row 3: "30/10/2026" is not a date'],
  [`${HEADER}\n2026-02-30,1.1,175,1`, 'row 2: "2026-02-30" is not a date'],
  [`${HEADER}\n2026-10-30,1.1,175,1\n2026-10-30,1.1,175,1`, 'row 3: 2026-10-30 is there twice'],
  [`${HEADER}\n2026-10-30,1.1,,1`, 'row 2: "" is not a rate of JPY'],
  [`${HEADER}\n2026-10-30,1.1,-175,1`, 'row 2: "-175" is not a rate of JPY'],
  [`${HEADER}\n2026-10-30,1.1,0,1`, 'row 2: "0" is not a rate of JPY'],
  [`${HEADER}\n2026-10-30,1.1,1.75e2,1`, 'row 2: "1.75e2" is not a rate of JPY'],
  [`${HEADER}\n2026-10-30,"1.1,175,1`, 'is not CSV'],
])('%j: %s', (text, reason) => {
  expect(() => parseRates(text)).toThrow(RatesFileError);
  expect(() => parseRates(text)).toThrow(reason);
});
