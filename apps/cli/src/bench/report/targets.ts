// Says what the figures are to reach on two cores, with the generator on the same cores and durable settings.

import type { FigureName } from '../figures.ts';
import type { KeptPart } from '../results.ts';

export interface Target {
  readonly what: string;
  readonly unit: string;
  readonly digits: number;
  readonly toReach: number;
  readonly better: 'less' | 'more';
  /** Null where the run did not measure it. */
  readonly read: (parts: readonly KeptPart[]) => number | null;
}

const APPS = ['gateway', 'processor', 'accounts', 'notifier'];

export const TARGETS: readonly Target[] = [
  less(8, 'CPU per payment at 50/s, all processes but the generator', 'ms', 1, figure('ladder', '50/s', 'cpu_ms')),
  less(40, 'final outcome at 200/s, p50', 'ms', 0, figure('ladder', '200/s', 'p50_ms')),
  less(150, 'final outcome at 200/s, p99', 'ms', 0, figure('ladder', '200/s', 'p99_ms')),
  more(
    1_200,
    '64 connections that wait for the outcome, uniform',
    '/s',
    0,
    figure('waiting', '64 uniform', 'per_second'),
  ),
  more(0.9, '  the same, hot merchant / uniform', '', 2, figure('waiting', '64 hot', 'hot_share')),
  more(2_500, 'single requests to the committed posting, uniform', '/s', 0, figure('single', 'uniform', 'per_second')),
  more(
    6_000,
    '/v1/payments/batch to the committed posting, uniform',
    '/s',
    0,
    figure('batch', 'uniform', 'per_second'),
  ),
  more(9_000, 'backlog through processor and accounts, uniform', '/s', 0, figure('backlog', 'uniform', 'per_second')),
  more(0.25, '  the same / bare posting, 2,000 a transaction', '', 2, backlogOfPosting),
  less(0.05, 'an idle stack, all processes', 'cores', 2, figure('idle', 'per second', 'cores')),
  ...APPS.map((app) => less(200, `resident memory under load, ${app}`, 'MB', 0, (parts) => residentMax(parts, app))),
  less(8, 'second start to ready', 's', 1, figure('start', 'second', 'seconds')),
  less(1.15, 'CPU per payment with full books / with few payments in them', '', 2, figure('growth', 'full', 'growth')),
];

type Read = Target['read'];

function less(toReach: number, what: string, unit: string, digits: number, read: Read): Target {
  return { what, unit, digits, toReach, better: 'less', read };
}

function more(toReach: number, what: string, unit: string, digits: number, read: Read): Target {
  return { what, unit, digits, toReach, better: 'more', read };
}

function figure(part: string, row: string, name: FigureName): Read {
  return (parts) => rowsOf(parts, part).find((each) => each.name === row)?.figures[name] ?? null;
}

function rowsOf(parts: readonly KeptPart[], name: string): KeptPart['rows'] {
  return parts.find(({ part }) => part === name)?.rows ?? [];
}

function backlogOfPosting(parts: readonly KeptPart[]): number | null {
  const backlog = figure('backlog', 'uniform', 'per_second')(parts);
  const posting = figure('limits', 'posting, 2000 a transaction', 'per_second')(parts);
  return backlog === null || posting === null ? null : backlog / posting;
}

/** The most that any stretch with load left it at. */
function residentMax(parts: readonly KeptPart[], app: string): number | null {
  const rows = parts.filter(({ part }) => part !== 'idle').flatMap((part) => part.rows);
  const values = rows.flatMap(({ processes }) => processes[app]?.['resident_mb'] ?? []);
  return values.length === 0 ? null : Math.max(...values);
}

export function isReached({ better, toReach }: Target, value: number): boolean {
  return better === 'less' ? value <= toReach : value >= toReach;
}
