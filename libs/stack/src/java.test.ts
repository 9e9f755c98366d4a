/** Versions of Java are read from what it says about itself. */

import { expect, test } from 'vitest';
import { majorVersion } from './java.ts';

test.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['openjdk version "21" 2023-09-19', 21],
  ['java version "1.8.0_362"', 8],
  ['Error: could not find java', null],
  [null, null],
])('%s is %s', (output, version) => {
  expect(majorVersion(output)).toBe(version);
});
