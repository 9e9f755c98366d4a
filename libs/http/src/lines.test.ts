// Cuts lines the same way however the bytes arrive.
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Line } from './index.ts';
import { readLines } from './index.ts';

const LIMITS = { lineBytesMax: 10, linesMax: 4, bytesMax: 60 };

async function linesOf(chunks: readonly Buffer[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const group of readLines(Readable.from(chunks, { objectMode: true }), LIMITS)) {
    for (const line of group) lines.push(toText(line));
  }
  return lines;
}

function toText(line: Line): string {
  return line.kind === 'line' ? line.bytes.toString() : line.kind;
}

test.each([
  ['nothing', '', []],
  ['empty lines', '\n\r\n\n', []],
  ['a last line without its end', 'a\nb', ['a', 'b']],
  ['line ends of both kinds', 'a\r\nb\nc\r\n', ['a', 'b', 'c']],
  ['a line of just the limit', '1234567890\n', ['1234567890']],
  ['a line one byte longer', '12345678901\nb\n', ['too_long', 'b']],
  ['as many lines as there may be', 'a\nb\nc\nd', ['a', 'b', 'c', 'd']],
  ['as many bytes as there may be', `${'\n'.repeat(58)}a\n`, ['a']],
  ['one byte more', `a\n${'\n'.repeat(57)}bc`, ['a', 'too_many']],
  ['one more', 'a\nb\nc\nd\ne', ['a', 'b', 'c', 'd', 'too_many']],
  ['many more', 'a\nb\nc\nd\ne\nf\ng\n', ['a', 'b', 'c', 'd', 'too_many']],
])('reads %s', async (_what, text, lines) => {
  expect(await linesOf([Buffer.from(text)])).toEqual(lines);
});

test('gives the same lines for every way of cutting the bytes', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\r\n', 'é', '12345678901'), maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(40)), async (content, cuts) => {
      const bytes = Buffer.from(content);
      const places = [0, ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length];
      const chunks = places.slice(1).map((end, place) => bytes.subarray(places[place], end));
      expect(await linesOf(chunks.filter((chunk) => chunk.length > 0))).toEqual(await linesOf([bytes]));
    }),
  );
});
