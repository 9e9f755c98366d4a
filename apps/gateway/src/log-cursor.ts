// Writes a place in the books as an opaque cursor, so that the same cursor always begins the same page.
import { HttpError } from '@paystream/http';

/** Where in the books, and whose of the accounts changed there. */
export interface LogPosition {
  ledgerNumber: bigint;
  ledgerIndex: number;
  /** wallet | payable | receivable */
  accountKind: string;
  currency: string;
}

const POSITION = /^(?<number>\d{1,19})\.(?<index>\d{1,9})\.(?<kind>[a-z]{1,20})\.(?<currency>[A-Z]{3})$/;

export function toCursor({ ledgerNumber, ledgerIndex, accountKind, currency }: LogPosition): string {
  return Buffer.from(`${ledgerNumber}.${ledgerIndex}.${accountKind}.${currency}`).toString('base64url');
}

/** Throws when the text is no cursor of ours. */
export function fromCursor(cursor: string, param: string): LogPosition {
  const { number, index, kind, currency } = POSITION.exec(Buffer.from(cursor, 'base64url').toString())?.groups ?? {};
  const isWhole = number !== undefined && index !== undefined && kind !== undefined && currency !== undefined;
  if (!isWhole || BigInt(number) >= 2n ** 63n) {
    throw new HttpError('parameter_invalid', { param, detail: `${param} is not a cursor.` });
  }
  return { ledgerNumber: BigInt(number), ledgerIndex: Number(index), accountKind: kind, currency };
}
