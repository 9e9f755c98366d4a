// Shows that processor time is read rightly in both ways, and that a busy process tree is seen to be busy.

import { expect, it } from 'vitest';
import { parseProcStat, parsePsLine, readProcessTrees } from './processor-time.ts';

it('reads /proc whatever the process is called', () => {
  const line = '42 (a) b (c) S 7 42 42 0 -1 4194304 1 2 3 4 100 50 20 30 20 0 1 0 9 0 0';
  expect(parseProcStat(line)).toEqual({ pid: 42, parent: 7, seconds: 2 });
  expect(parseProcStat('')).toBeNull();
});

it.each([
  ['  42     7 00:01:02', 62],
  ['42 7 1-02:00:00', 93_600],
  ['42 7 0:01.50', 1.5],
])('reads ps: %s', (line, seconds) => {
  expect(parsePsLine(line)).toEqual({ pid: 42, parent: 7, seconds });
});

it('sees this very process at work', async () => {
  const before = await readProcessTrees({ me: process.pid });
  const end = performance.now() + 100;
  while (performance.now() < end);
  const after = await readProcessTrees({ me: process.pid });
  expect((after['me']?.seconds ?? 0) - (before['me']?.seconds ?? 0)).toBeGreaterThan(0.04);
});
