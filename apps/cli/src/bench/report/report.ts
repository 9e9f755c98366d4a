// Lays the benchmark's figures out as one table, and says which of them reach what they should.

import Table from 'cli-table3';
import type { ProofResult } from '../prove/run-proof.ts';
import type { Drain } from './drain.ts';
import type { LogLimits } from './limits-log.ts';
import type { ProcessorUse } from './processor-use.ts';
import { EVERYTHING_ELSE } from './processor-use.ts';
import type { Latency, Throughput } from './through-http.ts';

export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGigabytes: number;
  readonly platform: string;
  readonly node: string;
}

export interface BenchReport {
  readonly machine: Machine;
  readonly merchants: number;
  readonly singleUniform: Throughput;
  readonly singleHot: Throughput;
  readonly batchUniform: Throughput;
  readonly batchHot: Throughput;
  readonly latency: Latency;
  readonly latencyPerSecond: number;
  readonly drainUniform: Drain;
  readonly drainHot: Drain;
  readonly posting500PerSecond: number;
  readonly posting2000PerSecond: number;
  readonly log: LogLimits;
  readonly proof: Pick<ProofResult, 'operations' | 'postings' | 'differenceCount' | 'seconds'>;
}

/** More than this many cores taken by others, and the figures say more about the others. */
const OTHERS_CORES_MAX = 0.2;

/** What the figures are to reach on two cores. */
const TARGETS = { single: 2_000, batch: 4_000, drain: 6_000, hotShare: 0.8, p50Ms: 60, p99Ms: 250 };

interface Row {
  readonly what: string;
  readonly figure: string;
  readonly target: string;
  readonly isReached: boolean | null;
}

function rowsOf(report: BenchReport): Row[] {
  const { latency, log } = report;
  const { p50, p99 } = latency.latencyMs;
  return [
    rate('HTTP to committed posting, 64 connections, uniform', report.singleUniform.perSecond, TARGETS.single),
    rate('  the same, one hot merchant', report.singleHot.perSecond),
    share('  hot merchant / uniform', report.singleHot.perSecond / report.singleUniform.perSecond),
    rate('/v1/payments/batch to committed posting, uniform', report.batchUniform.perSecond, TARGETS.batch),
    rate('  the same, one hot merchant', report.batchHot.perSecond),
    share('  hot merchant / uniform', report.batchHot.perSecond / report.batchUniform.perSecond),
    rate(
      `backlog of ${count(report.drainUniform.payments)}, processor + accounts, uniform`,
      report.drainUniform.perSecond,
      TARGETS.drain,
    ),
    rate('  the same, one hot merchant', report.drainHot.perSecond),
    share('  hot merchant / uniform', report.drainHot.perSecond / report.drainUniform.perSecond),
    time(`final outcome at ${report.latencyPerSecond}/s, p50`, p50, TARGETS.p50Ms),
    time(`final outcome at ${report.latencyPerSecond}/s, p99`, p99, TARGETS.p99Ms),
    rate('limit: bare posting in PostgreSQL, 500 a transaction', report.posting500PerSecond),
    rate('limit: bare posting in PostgreSQL, 2,000 a transaction', report.posting2000PerSecond),
    rate('limit: bare produce, all acknowledgements', log.producedPerSecond, undefined, 'records/s'),
    rate('limit: bare consume', log.consumedPerSecond, undefined, 'records/s'),
  ];
}

/** The report as lines for a terminal or a file. */
export function describeReport(report: BenchReport, colours: boolean): string[] {
  const { machine, proof } = report;
  const style = colours ? { compact: true } : { compact: true, head: [], border: [] };
  const figures = new Table({
    head: ['measured', 'figure', 'to reach', ''],
    colAligns: ['left', 'right', 'right'],
    style,
  });
  for (const { what, figure, target, isReached } of rowsOf(report)) {
    figures.push([what, figure, target, isReached === null ? '' : isReached ? 'yes' : 'NO']);
  }
  return [
    `${machine.cores} cores (${machine.cpu}), ${machine.memoryGigabytes} GB, ${machine.platform}, Node ${machine.node}; uniform = ${report.merchants} merchants`,
    figures.toString(),
    'Processor time, in cores (1.00 is one core all the time):',
    useTable(stretchesOf(report), style),
    ...disturbanceOf(stretchesOf(report)),
    ...troubleOf(report),
    `proof: ${count(proof.operations)} operations and ${count(proof.postings)} postings of this run re-derived in ${proof.seconds.toFixed(1)} s, differences ${count(proof.differenceCount)}`,
  ];
}

type Stretch = readonly [name: string, use: ProcessorUse];

function stretchesOf(report: BenchReport): Stretch[] {
  return [
    ['single', report.singleUniform.use],
    ['single hot', report.singleHot.use],
    ['batch', report.batchUniform.use],
    ['batch hot', report.batchHot.use],
    [`${report.latencyPerSecond}/s`, report.latency.use],
    ['drain', report.drainUniform.use],
    ['drain hot', report.drainHot.use],
  ];
}

function useTable(stretches: readonly Stretch[], style: object): string {
  const names = [...new Set(stretches.flatMap(([, use]) => Object.keys(use)))];
  const table = new Table({ head: ['process', ...stretches.map(([name]) => name)], style });
  for (const name of names) table.push([name, ...stretches.map(([, use]) => use[name]?.toFixed(2) ?? '')]);
  return table.toString();
}

function disturbanceOf(stretches: readonly Stretch[]): string[] {
  const most = Math.max(...stretches.map(([, use]) => use[EVERYTHING_ELSE] ?? 0));
  if (most <= OTHERS_CORES_MAX) return [];
  return [`Other programs took up to ${most.toFixed(2)} cores meanwhile: on a quiet machine the figures are better.`];
}

function troubleOf(report: BenchReport): string[] {
  const { singleUniform, singleHot, batchUniform, batchHot, latency } = report;
  const parts = Object.entries({ singleUniform, singleHot, batchUniform, batchHot, latency }).flatMap(
    ([name, { trouble }]) => Object.entries(trouble).map(([what, times]) => `${name}: ${what} ${count(times)} times`),
  );
  return parts.length === 0 ? [] : [`Answers that were no payment: ${parts.join('; ')}`];
}

/** Everything measured, for programs; names in snake case. */
export function reportToJson(report: BenchReport): object {
  return {
    figures: rowsOf(report).map(({ what, figure, target, isReached }) => ({
      what: what.trim(),
      figure,
      to_reach: target === '' ? null : target,
      reached: isReached,
    })),
    raw: snakeCase(report),
  };
}

function snakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCase);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, part]) => {
    const key = name.replaceAll(/[A-Z]|\d+/g, (found) => `_${found.toLowerCase()}`);
    return [key, snakeCase(part)] as const;
  });
  return Object.fromEntries(entries);
}

function rate(what: string, value: number, target?: number, unit = 'payments/s'): Row {
  const figure = `${count(Math.round(value))} ${unit}`;
  if (target === undefined) return { what, figure, target: '', isReached: null };
  return { what, figure, target: count(target), isReached: value >= target };
}

function share(what: string, value: number): Row {
  return { what, figure: value.toFixed(2), target: `${TARGETS.hotShare}`, isReached: value >= TARGETS.hotShare };
}

function time(what: string, value: number | null, target: number): Row {
  const figure = value === null ? '-' : `${value.toFixed(1)} ms`;
  return { what, figure, target: `< ${target} ms`, isReached: value !== null && value < target };
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
