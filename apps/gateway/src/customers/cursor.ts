// Writes a place in the books as an opaque cursor, so that the same cursor always begins the same page.
import { HttpError } from '@paystream/http';
import type { LogPosition } from '../store/list-transactions.ts';

const POSITION = /^(?<number>\d{1,19})\.(?<index>\d{1,9})\.(?<currency>[A-Z]{3})$/;

export function toCursor({ ledgerNumber, ledgerIndex, currency }: LogPosition): string {
  return Buffer.from(`${ledgerNumber}.${ledgerIndex}.${currency}`).toString('base64url');
}

/** Throws when the text is no cursor of ours. */
export function fromCursor(cursor: string, param: string): LogPosition {
  const { number, index, currency } = POSITION.exec(Buffer.from(cursor, 'base64url').toString())?.groups ?? {};
  if (number === undefined || index === undefined || currency === undefined || BigInt(number) >= 2n ** 63n) {
    throw new HttpError('parameter_invalid', { param, detail: `${param} is not a cursor.` });
  }
  return { ledgerNumber: BigInt(number), ledgerIndex: Number(index), currency };
}
