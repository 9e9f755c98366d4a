// Shows how outcomes are counted, how times become percentiles, and how the hands share the work.

import { describe, expect, it } from 'vitest';
import { concurrently } from './concurrently.ts';
import { percentileOf } from './percentile.ts';
import { createTally, describeSummary } from './summary.ts';

describe('percentileOf', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
  it.each([
    [hundred, 0.5, 50],
    [hundred, 0.99, 99],
    [hundred, 1, 100],
    [[7], 0.5, 7],
    [[], 0.5, null],
  ])('of %j at %d is %s', (values, share, expected) => {
    expect(percentileOf(values, share)).toBe(expected);
  });
});

describe('the summary', () => {
  it('counts by outcome and reason', () => {
    const tally = createTally();
    tally.succeeded();
    tally.succeeded();
    tally.failed('insufficient_funds');
    tally.refused('amount_invalid');
    tally.replayed();
    tally.retried(3);
    for (const milliseconds of [30, 10, 20]) tally.latency(milliseconds);
    const summary = tally.summarize({ rows: 4, customers: 2, customersShort: 1, seconds: 0.5 });
    expect(summary).toMatchObject({
      accepted: 3,
      succeeded: 2,
      failed: 1,
      failed_by_reason: { insufficient_funds: 1 },
      refused: 1,
      replayed: 1,
      retries: 3,
      payments_per_second: 6,
      latency_ms: {
        p50: 20,
        p99: 30,
      },
    });
    expect(describeSummary(summary).join('\n')).toContain('failed      1 (insufficient_funds 1)');
  });
});

describe('concurrently', () => {
  it('never has more at work than allowed, and does everything', async () => {
    let working = 0;
    let most = 0;
    const done: number[] = [];
    await concurrently([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      most = Math.max(most, (working += 1));
      await Promise.resolve();
      working -= 1;
      done.push(item);
    });
    expect(most).toBe(3);
    expect(done).toHaveLength(7);
  });

  it('stops at the first failure and waits for those at work', async () => {
    const started: number[] = [];
    const work = concurrently([1, 2, 3, 4, 5, 6], 2, async (item) => {
      started.push(item);
      await Promise.resolve();
      if (item === 1) throw new Error('one is wrong');
    });
    await expect(work).rejects.toThrow('one is wrong');
    expect(started.length).toBeLessThan(6);
  });
});
