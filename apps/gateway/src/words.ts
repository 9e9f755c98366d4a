// Makes the schema of a field that takes one of a few words.
import { Type } from 'typebox';

/** One of these words, and a type that knows which. */
export function words<Word extends string>(...known: readonly Word[]) {
  return Type.Unsafe<Word>(Type.Union(known.map((word) => Type.Literal(word))));
}
