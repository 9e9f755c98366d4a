// Reads purchases from a CSV file: text to minor units, never through a float, and a fault is named with its line.

import { readFile } from 'node:fs/promises';
import { parseDecimal } from '@paystream/money';
import { parse } from 'csv-parse/sync';
import { CliError } from '../context.ts';

const PURCHASE_COLUMNS = ['customer_id', 'date', 'quantity', 'amount_usd'] as const;
export const PURCHASE_CURRENCY = 'USD';

export interface Purchase {
  readonly customer: string;
  /** As the file writes it. */
  readonly date: string;
  readonly quantity: string;
  /** Minor units of `PURCHASE_CURRENCY`; zero and below are sent too, for the gateway to refuse. */
  readonly amountMinor: bigint;
  /** 1 for the first row of this content, 2 for the second, …: equal rows are purchases of their own. */
  readonly occurrence: number;
}

/** Reads a purchases file, in file order. Throws `CliError` saying what is wrong where. */
export async function readPurchases(path: string): Promise<Purchase[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CliError(error.code === 'ENOENT' ? `There is no file ${path}.` : `Cannot read ${path}: ${error.message}`);
  });
  return parsePurchases(text, path);
}

export function parsePurchases(text: string, path: string): Purchase[] {
  const [header, ...rows] = parseCsv(text, path);
  const positions = PURCHASE_COLUMNS.map((column) => header?.indexOf(column) ?? -1);
  const missing = PURCHASE_COLUMNS.filter((_column, index) => positions[index] === -1);
  if (missing.length > 0) {
    const columns = PURCHASE_COLUMNS.join(',');
    throw new CliError(`${path} lacks the column ${missing.join(' and ')}: its first line must name ${columns}.`);
  }
  const occurrences = new Map<string, number>();
  return rows.map((row, index) => {
    // Blank lines are skipped by the parser, so this counts rows; the header is the first.
    const place = `${path}, row ${index + 2}`;
    const [customer = '', date = '', quantity = '', amountText = ''] = positions.map((position) => row[position]);
    if (customer === '') throw new CliError(`${place}: customer_id is empty.`);
    const amount = parseDecimal(amountText, PURCHASE_CURRENCY);
    if (!amount.ok) throw new CliError(`${place}: amount_usd "${amountText}" is not an amount such as 11.77.`);
    const content = JSON.stringify([customer, date, quantity, String(amount.minor)]);
    const occurrence = (occurrences.get(content) ?? 0) + 1;
    occurrences.set(content, occurrence);
    return { customer, date, quantity, amountMinor: amount.minor, occurrence };
  });
}

function parseCsv(text: string, path: string): string[][] {
  try {
    return parse(text, { bom: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    throw new CliError(`${path} is not CSV: ${error instanceof Error ? error.message : String(error)}`);
  }
}
