// Reads the Prefer header as RFC 7240 writes it.
import { expect, test } from 'vitest';
import { waitMsOf } from './index.ts';

test.each([
  [undefined, 5],
  ['wait=0', 0],
  ['wait=10', 10],
  ['wait = 7', 7],
  ['respond-async, wait=3', 3],
  ['wait=3, respond-async', 3],
  ['WAIT=4', 4],
  ['wait="6"', 6],
  ['wait=9999', 30],
  ['wait=-1', 5],
  ['wait=soon', 5],
  ['await=1', 5],
  ['', 5],
])('takes %s for %i seconds', (header, seconds) => {
  expect(waitMsOf(header)).toBe(seconds * 1_000);
});
