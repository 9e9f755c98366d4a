// Puts two results side by side: each figure before and after, and their ratio.

import Table from 'cli-table3';
import type { BenchResult, KeptPart, KeptRow } from '../results.ts';
import type { Figure } from '../figures.ts';
import { FIGURES, PROCESS_FIGURES } from '../figures.ts';
import { format, tableStyle } from './format.ts';

/** `after` / `before` of everything that both measured and of which less or more is better. */
export function describeComparison(before: BenchResult, after: BenchResult, colours: boolean): string[] {
  const tables = after.parts.flatMap((part) => {
    const other = before.parts.find((each) => each.part === part.part);
    return other === undefined ? [] : comparePart(other, part, tableStyle(colours));
  });
  return [
    `before: ${nameOf(before)}`,
    `after:  ${nameOf(after)}`,
    'each: before → after (after / before)',
    ...differencesOf(before, after),
    ...tables,
  ];
}

function nameOf({ at, commit, is_changed: isChanged }: BenchResult): string {
  return `${at}, commit ${commit ?? 'unknown'}${isChanged ? ' with changes' : ''}`;
}

/** Ratios of two machines, or two settings, say more about those. */
function differencesOf(before: BenchResult, after: BenchResult): string[] {
  return (['machine', 'settings'] as const).flatMap((what) => {
    const [a, b] = [JSON.stringify(before[what]), JSON.stringify(after[what])];
    return a === b ? [] : [`The ${what} differ: ${a} and ${b}.`];
  });
}

function comparePart(before: KeptPart, after: KeptPart, style: object): string[] {
  const pairs = after.rows.flatMap((row) => {
    const other = before.rows.find(({ name }) => name === row.name);
    return other === undefined ? [] : [{ before: other, after: row }];
  });
  if (pairs.length === 0) return [];
  const table = new Table({
    head: [after.part, ...pairs.map(({ after: { name } }) => name)],
    colAligns: ['left', ...pairs.map(() => 'right' as const)],
    style,
  });
  for (const { title, cells } of linesOf(pairs)) table.push([title, ...cells]);
  return ['', table.toString()];
}

interface Pair {
  readonly before: KeptRow;
  readonly after: KeptRow;
}

function linesOf(pairs: readonly Pair[]): { title: string; cells: string[] }[] {
  const figures = Object.entries(FIGURES).map(([name, figure]) =>
    lineOf(pairs, figure.title, figure, (row) => row.figures[name]),
  );
  const processes = [...new Set(pairs.flatMap(({ after }) => Object.keys(after.processes)))];
  const ofProcesses = Object.entries(PROCESS_FIGURES).flatMap(([name, figure]) =>
    processes.map((process) =>
      lineOf(pairs, `${process}: ${figure.title}`, figure, (row) => row.processes[process]?.[name]),
    ),
  );
  return [...figures, ...ofProcesses].filter(({ cells }) => cells.some((cell) => cell !== ''));
}

function lineOf(
  pairs: readonly Pair[],
  title: string,
  figure: Figure,
  read: (row: KeptRow) => number | null | undefined,
): { title: string; cells: string[] } {
  const cells = pairs.map(({ before, after }) => {
    const [a, b] = [read(before), read(after)];
    if (figure.better === null || typeof a !== 'number' || typeof b !== 'number') return '';
    return `${format(a, figure.digits)} → ${format(b, figure.digits)} (${ratioOf(a, b)})`;
  });
  return { title, cells };
}

/** After / before, with two digits; a dash where there was nothing before. */
export function ratioOf(before: number, after: number): string {
  return before === 0 ? '-' : format(after / before, 2);
}
