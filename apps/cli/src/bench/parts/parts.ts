// Lists the benchmark's parts in the order they run; each measures one thing, and is chosen by its name.

import type { CliContext } from '../../context.ts';
import type { Bench } from '../bench.ts';
import type { Row } from '../rows.ts';
import { measureBacklog } from './backlog.ts';
import { measureGrowth } from './growth.ts';
import { measureIdle } from './idle.ts';
import { measureLadder } from './ladder.ts';
import { measureLimits } from './limits.ts';
import { proveBooks } from './proof.ts';
import { measureStart } from './start.ts';
import { measureBatch, measureSingle } from './throughput.ts';
import { measureWaiting } from './waiting.ts';

export interface Part {
  readonly name: string;
  /** What it measures, for the help. */
  readonly what: string;
  /** Parts that have to be measured before it. */
  readonly needs: readonly string[];
  /** On the stack of the benchmark; null for a part that runs alone, before there is one. */
  readonly run: ((bench: Bench) => Promise<Row[]>) | null;
  readonly runAlone: ((context: CliContext, signal: AbortSignal) => Promise<Row[]>) | null;
}

export const PARTS: readonly Part[] = [
  {
    name: 'start',
    what: '`paystream up`: the first start, the load of the sample, the second start',
    needs: [],
    run: null,
    runAlone: measureStart,
  },
  part('idle', 'what the stack takes while nothing is asked of it', measureIdle),
  part('ladder', 'final outcomes at fixed rates: latency, and what a payment costs', measureLadder, ['idle']),
  part('waiting', '16 and 64 connections that wait for each outcome', measureWaiting, ['idle']),
  part('single', '64 connections that do not wait, to the committed posting', measureSingle),
  part('batch', '/v1/payments/batch, to the committed posting', measureBatch),
  part('backlog', 'a backlog through processor and accounts alone', measureBacklog),
  part('growth', 'what a payment costs with few and with many payments in the books', measureGrowth, ['idle']),
  part('limits', 'what this machine could do at best: bare posting, produce and consume', measureLimits),
  part('proof', 'the books of the run, re-derived from the log', proveBooks),
];

function part(name: string, what: string, run: Part['run'], needs: readonly string[] = []): Part {
  return { name, what, needs, run, runAlone: null };
}

/** The named parts with those they need, in order; null when a name is none of them. */
export function chooseParts(names: readonly string[]): readonly Part[] | null {
  const chosen = PARTS.filter(({ name }) => names.includes(name));
  if (chosen.length !== new Set(names).size) return null;
  const wanted = new Set(chosen.flatMap(({ name, needs }) => [name, ...needs]));
  return PARTS.filter(({ name }) => wanted.has(name));
}
