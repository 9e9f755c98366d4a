// Shows the benchmark's table as a reader sees it.

import { expect, it } from 'vitest';
import type { BenchReport } from './report.ts';
import { describeReport, reportToJson } from './report.ts';
import { toJson } from '../json.ts';

const throughput = (perSecond: number) => ({
  payments: perSecond * 15,
  seconds: 15,
  perSecond,
  acceptedPerSecond: perSecond + 10,
  trouble: {},
  use: { generator: 0.4, gateway: 0.9, kafka: 0.3, 'everything else': 0.1 },
});
const drain = (perSecond: number) => ({ payments: 100_000, seconds: 15, perSecond, use: { accounts: 0.8 } });

const report: BenchReport = {
  machine: { cores: 2, cpu: 'Test CPU', memoryGigabytes: 8, platform: 'linux x64', node: '24.0.0' },
  merchants: 20,
  singleUniform: throughput(2_500),
  singleHot: { ...throughput(1_500), trouble: { 429: 7 } },
  batchUniform: throughput(3_999),
  batchHot: throughput(4_000),
  latency: { requests: 6_000, final: 6_000, latencyMs: { p50: 20, p99: 300, max: 400 }, trouble: {}, use: {} },
  latencyPerSecond: 200,
  drainUniform: drain(6_500),
  drainHot: drain(6_400),
  posting500PerSecond: 22_600,
  posting2000PerSecond: 27_000,
  log: { records: 200_000, producedPerSecond: 100_000, consumedPerSecond: 150_000 },
  proof: { operations: 300_000, postings: 600_000, differenceCount: 0, seconds: 9 },
};

it('says for each figure whether it reaches what it should', () => {
  const text = describeReport(report, false).join('\n');
  expect(text).toMatch(/64 connections, uniform\s+│\s+2,500 payments\/s │\s+2,000 │ yes/);
  expect(text).toMatch(/hot merchant \/ uniform\s+│\s+0\.60 │\s+0\.8 │ NO/);
  expect(text).toMatch(/batch to committed posting, uniform\s+│\s+3,999 payments\/s │\s+4,000 │ NO/);
  expect(text).toMatch(/backlog of 100,000.*6,500 payments\/s │\s+6,000 │ yes/);
  expect(text).toMatch(/at 200\/s, p50\s+│\s+20\.0 ms │\s+< 60 ms │ yes/);
  expect(text).toMatch(/at 200\/s, p99\s+│\s+300\.0 ms │\s+< 250 ms │ NO/);
  expect(text).toContain('singleHot: 429 7 times');
  expect(text).toContain('differences 0');
});

it('says when other programs had a share in the figures', () => {
  const quiet = describeReport(report, false).join('\n');
  const use = { ...report.drainHot.use, 'everything else': 0.75 };
  const disturbed = describeReport({ ...report, drainHot: { ...report.drainHot, use } }, false).join('\n');
  expect(quiet).not.toContain('Other programs');
  expect(disturbed).toContain('Other programs took up to 0.75 cores');
});

it('gives programs the same and the raw figures', () => {
  const json = toJson(reportToJson(report));
  expect(json).toContain('"figure":"2,500 payments/s","to_reach":"2,000","reached":true');
  expect(json).toMatch(/"single_uniform":\{[^}]*"per_second":2500,/);
  expect(json).toContain('"posting_500_per_second":22600');
});
