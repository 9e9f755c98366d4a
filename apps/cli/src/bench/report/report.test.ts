// Shows a result as its readers see it: in tables, against what is to be reached, and beside another one.

import { describe, expect, it } from 'vitest';
import type { BenchResult, KeptRow } from '../results.ts';
import { describeComparison, ratioOf } from './compare.ts';
import { describeReport } from './report.ts';

const row = (name: string, figures: KeptRow['figures'], more: Partial<KeptRow> = {}): KeptRow => ({
  name,
  figures: { ...figures },
  processes: {},
  requests: {},
  trouble: {},
  doubts: [],
  ...more,
});

const result: BenchResult = {
  format: 1,
  at: '2026-11-28T12:00:00.000Z',
  commit: 'abc1234',
  is_changed: false,
  machine: {
    cores: 2,
    cpu: 'Test CPU',
    memory_gb: 8,
    platform: 'linux x64',
    node: '24.0.0',
    kafka: '4.4.0',
    postgres: '18.1',
  },
  settings: { merchants: 20, customers: 1_000, partitions: 2, seconds: 15, backlog: 100_000 },
  parts: [
    { part: 'idle', rows: [row('per second', { cores: 0.15 }, { processes: { gateway: { resident_mb: 900 } } })] },
    {
      part: 'ladder',
      rows: [
        row(
          '50/s',
          { p50_ms: 30, cpu_ms: 25.04, statements: null, other_programs_cores: 0.1 },
          {
            processes: { kafka: { cpu_ms: 9, cores: 0.45 }, gateway: { cpu_ms: 5, resident_mb: 180 } },
            requests: { Fetch: 2, FindCoordinator: 10.5 },
          },
        ),
        row('200/s', { p50_ms: 35, p99_ms: 300, cpu_ms: 8.5 }),
      ],
    },
    { part: 'backlog', rows: [row('uniform', { per_second: 9_500 })] },
    { part: 'limits', rows: [row('posting, 2000 a transaction', { per_second: 40_000 })] },
    { part: 'proof', rows: [row('books', { operations: 1_000, differences: 0 })] },
  ],
};

const withLadderRow = (change: Partial<KeptRow>): BenchResult => ({
  ...result,
  parts: [{ part: 'ladder', rows: [row('50/s', { cpu_ms: 10 }, change)] }],
});

describe('the report', () => {
  const text = describeReport(result, false).join('\n');

  it('has a column for each figure that was measured, and a dash for one that could not be', () => {
    expect(text).toMatch(/ladder\s+│ p50 ms │ p99 ms │ CPU ms │ statements │/);
    expect(text).toMatch(/50\/s\s+│\s+30 │\s+│\s+25\.04 │\s+- │/);
    expect(text).toContain('FindCoordinator 10.50, Fetch 2.00');
  });

  it('says for each figure whether it reaches what it should, and nothing of what was not measured', () => {
    expect(text).toMatch(/CPU per payment at 50\/s.*│\s+25\.0 ms │\s+≤ 8 ms │ NO/);
    expect(text).toMatch(/at 200\/s, p50\s+│\s+35 ms │\s+≤ 40 ms │ yes/);
    expect(text).toMatch(/at 200\/s, p99\s+│\s+300 ms │\s+≤ 150 ms │ NO/);
    expect(text).toMatch(/backlog .*9,500 \/s │\s+≥ 9,000 \/s │ yes/);
    expect(text).toMatch(/bare posting.*│\s+0\.24 │\s+≥ 0\.25 │ NO/);
    expect(text).toMatch(/under load, gateway\s+│\s+180 MB │\s+≤ 200 MB │ yes/);
    expect(text).not.toContain('second start');
  });

  it('warns of other programs, of what had not settled, and of refused payments', () => {
    expect(text).not.toContain('disturbed');
    const disturbed = withLadderRow({
      figures: { other_programs_cores: 0.5 },
      trouble: { 429: 7 },
      doubts: ['had not settled'],
    });
    const lines = describeReport(disturbed, false);
    expect(lines).toContainEqual(expect.stringContaining('Other programs disturbed ladder 50/s'));
    expect(lines).toContainEqual(expect.stringContaining('Not to be trusted: ladder 50/s had not settled'));
    expect(lines).toContainEqual(expect.stringContaining('ladder 50/s: 429 7 times'));
  });
});

describe('a comparison', () => {
  it('divides what came after by what was before', () => {
    expect(ratioOf(25, 8)).toBe('0.32');
    expect(ratioOf(0, 8)).toBe('-');
  });

  it('shows every figure that both have, of the stack and of its processes', () => {
    const after = withLadderRow({ processes: { kafka: { cpu_ms: 3 } } });
    const text = describeComparison(result, after, false).join('\n');
    expect(text).toMatch(/CPU ms\s+│\s+25\.04 → 10\.00 \(0\.40\) │/);
    expect(text).toMatch(/kafka: CPU ms per payment, idle taken off\s+│\s+9\.00 → 3\.00 \(0\.33\) │/);
    expect(text).not.toContain('200/s');
    expect(text).not.toContain('others');
    expect(text).not.toContain('differ');
  });

  it('says when machine or settings are others', () => {
    const other = { ...result, settings: { ...result.settings, partitions: 6 } };
    expect(describeComparison(result, other, false)).toContainEqual(expect.stringContaining('The settings differ'));
  });
});
