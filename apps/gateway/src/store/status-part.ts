// Says what one table's part of the statement that stores a batch of the status topics is made of.

/**
 * An insert of one table. Its parameters are numbered from `$1`. It writes nothing unless the offset has moved: `moved` has
 * a row then.
 */
export interface StatusPart<Row> {
  text: string;
  parameters(rows: readonly Row[]): unknown[];
}
