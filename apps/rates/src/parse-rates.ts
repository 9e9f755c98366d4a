// Reads the European Central Bank's CSV of reference rates: a day a row, a currency a column, units of it for one euro.
import { isCurrency, parseRate } from '@paystream/money';
import type { FxRate } from '@paystream/topics';
import { timestampMicros } from '@paystream/topics';
import { parse } from 'csv-parse/sync';

/** A rate as the file has it, for any environment. */
export type PublishedRate = Omit<FxRate, 'environment'>;

/** Thrown when a file is not what it should be; nothing of it is used. */
export class RatesFileError extends Error {
  readonly code = 'rates_file_invalid';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RatesFileError';
  }
}

const SOURCE = 'ecb';
const BASE = 'EUR';
const NO_RATE = 'N/A';
const CODE = /^[A-Z]{3}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** The rates are published around 16:00 in Frankfurt, which is 15:00 or 14:00 UTC: no payment has a rate before it was known. */
const PUBLISHED_AT = 'T15:00:00Z';

/**
 * All rates of the file, the oldest first. Columns of currencies that ISO 4217 has no more are left out.
 * @throws RatesFileError that says what is wrong in which row
 */
export function parseRates(text: string): PublishedRate[] {
  const [header = [], ...rows] = parseCsv(text);
  const currencies = readHeader(header);
  if (rows.length === 0) throw new RatesFileError('the file of rates has no rows');
  const days = new Set<string>();
  return rows
    .flatMap((row, index) => {
      // The header is the first row.
      const place = `row ${index + 2}`;
      const [date = ''] = row;
      if (!isDate(date)) throw new RatesFileError(`${place}: "${date}" is not a date such as 2026-10-30`);
      if (days.has(date)) throw new RatesFileError(`${place}: ${date} is there twice`);
      days.add(date);
      return readDay(row, { currencies, date, place });
    })
    .toSorted((a, b) => (a.publishedAt === b.publishedAt ? 0 : a.publishedAt < b.publishedAt ? -1 : 1));
}

function parseCsv(text: string): string[][] {
  try {
    // The bank ends its lines with a comma, or not: how many columns there are is checked below.
    return parse(text, { bom: true, skip_empty_lines: true, trim: true, relax_column_count: true });
  } catch (error) {
    throw new RatesFileError('the file of rates is not CSV', { cause: error });
  }
}

/** Currency of each column after the first; a last one without a name is the comma at the line's end. */
function readHeader([first, ...names]: readonly string[]): string[] {
  if (first !== 'Date') throw new RatesFileError('the file of rates does not begin with a column Date');
  const currencies = names.at(-1) === '' ? names.slice(0, -1) : names;
  const strange = currencies.find((code) => !CODE.test(code));
  if (strange !== undefined) throw new RatesFileError(`the header has a column "${strange}", which is no currency`);
  if (new Set(currencies).size !== currencies.length) throw new RatesFileError('the header has a currency twice');
  if (!currencies.some(isCurrency)) throw new RatesFileError('the header has no currency');
  return currencies;
}

interface Day {
  currencies: readonly string[];
  date: string;
  place: string;
}

function readDay([, ...values]: readonly string[], { currencies, date, place }: Day): PublishedRate[] {
  const rates = values.at(-1) === '' && values.length === currencies.length + 1 ? values.slice(0, -1) : values;
  if (rates.length !== currencies.length) {
    throw new RatesFileError(`${place}: ${rates.length} rates for ${currencies.length} currencies`);
  }
  const publishedAt = timestampMicros(new Date(`${date}${PUBLISHED_AT}`));
  return currencies.flatMap((quoteCurrency, index) => {
    const rate = rates[index] ?? '';
    if (rate === NO_RATE || !isCurrency(quoteCurrency)) return [];
    if (parseRate(rate) === undefined) {
      throw new RatesFileError(`${place}: "${rate}" is not a rate of ${quoteCurrency} such as 1.1172, nor ${NO_RATE}`);
    }
    return [{ baseCurrency: BASE, quoteCurrency, rate, source: SOURCE, rateDate: date, publishedAt }];
  });
}

function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  // The 30th of February is another day.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
