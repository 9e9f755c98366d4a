// Re-derives the books of this run from the log: figures of a stack that loses or doubles a payment are worth nothing.

import { runProof } from '../../prove/run-proof.ts';
import type { Bench } from '../bench.ts';
import type { Row } from '../rows.ts';
import { figuresRow } from '../rows.ts';

export async function proveBooks({ stack, signal }: Bench): Promise<Row[]> {
  const { operations, postings, differenceCount, seconds } = await runProof(stack.addresses, { signal });
  return [figuresRow('books', { operations, postings, differences: differenceCount, seconds })];
}
