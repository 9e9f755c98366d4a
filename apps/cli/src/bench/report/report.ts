// Lays a result out as tables: each part, what its processes took, and which figures reach what they should.

import Table from 'cli-table3';
import type { BenchResult, KeptPart, KeptRow } from '../results.ts';
import { FIGURES, PROCESS_FIGURES } from '../figures.ts';
import { format, tableStyle } from './format.ts';
import { isReached, TARGETS } from './targets.ts';

/** More than this many cores taken by others, and the figures say more about the others. */
const OTHERS_CORES_MAX = 0.2;

/** Not only slower: a stack that is short of processors takes larger batches, and each payment costs it less. */
const DISTURBED = 'measure these again on a quiet machine';

/** The report as lines for a terminal or a file. */
export function describeReport(result: BenchResult, colours: boolean): string[] {
  const style = tableStyle(colours);
  return [
    ...describeRunOf(result),
    ...result.parts.flatMap((part) => describePart(part, style)),
    ...describeTargets(result, style),
    ...warningsOf(result),
  ];
}

function describeRunOf({ machine, settings, commit, is_changed: isChanged, at }: BenchResult): string[] {
  return [
    `${at}, commit ${commit ?? 'unknown'}${isChanged ? ' with changes' : ''}`,
    `${machine.cores} cores (${machine.cpu}), ${machine.memory_gb} GB, ${machine.platform}, Node ${machine.node}, Kafka ${machine.kafka}, PostgreSQL ${machine.postgres}`,
    `uniform = ${settings.merchants} merchants, ${settings.customers} customers, ${settings.partitions} partitions, ${settings.seconds} s each`,
  ];
}

function describePart({ part, rows }: KeptPart, style: object): string[] {
  const columns = Object.entries(FIGURES).filter(([name]) => rows.some(({ figures }) => figures[name] !== undefined));
  const table = new Table({
    head: [part, ...columns.map(([, { title }]) => title)],
    colAligns: ['left', ...columns.map(() => 'right' as const)],
    style,
  });
  for (const row of rows) {
    table.push([row.name, ...columns.map(([name, { digits }]) => format(row.figures[name], digits))]);
  }
  return ['', table.toString(), ...describeProcesses({ part, rows }, style), ...describeRequests(rows)];
}

function describeProcesses({ rows }: KeptPart, style: object): string[] {
  return Object.entries(PROCESS_FIGURES).flatMap(([name, figure]) => {
    const processes = [...new Set(rows.flatMap((row) => Object.keys(row.processes)))].filter((process) =>
      rows.some((row) => row.processes[process]?.[name] !== undefined),
    );
    if (processes.length === 0) return [];
    const table = new Table({
      head: [figure.title, ...processes],
      colAligns: ['left', ...processes.map(() => 'right' as const)],
      style,
    });
    for (const row of rows) {
      table.push([row.name, ...processes.map((process) => format(row.processes[process]?.[name], figure.digits))]);
    }
    return [table.toString()];
  });
}

function describeRequests(rows: readonly KeptRow[]): string[] {
  return rows.flatMap(({ name, requests }) => {
    const parts = Object.entries(requests)
      .toSorted(([, a], [, b]) => b - a)
      .map(([api, count]) => `${api} ${count.toFixed(2)}`);
    return parts.length === 0 ? [] : [`requests, ${name}: ${parts.join(', ')}`];
  });
}

function describeTargets({ parts }: BenchResult, style: object): string[] {
  const table = new Table({
    head: ['on two cores', 'figure', 'to reach', ''],
    colAligns: ['left', 'right', 'right'],
    style,
  });
  for (const target of TARGETS) {
    const value = target.read(parts);
    if (value === null) continue;
    const { what, unit, digits, toReach, better } = target;
    const sign = better === 'less' ? '≤' : '≥';
    const toReachText = `${sign} ${toReach.toLocaleString('en-US')} ${unit}`.trim();
    table.push([what, `${format(value, digits)} ${unit}`.trim(), toReachText, isReached(target, value) ? 'yes' : 'NO']);
  }
  return table.length === 0 ? [] : ['', table.toString()];
}

function warningsOf({ parts }: BenchResult): string[] {
  const rows = parts.flatMap(({ part, rows }) => rows.map((row) => ({ ...row, name: `${part} ${row.name}` })));
  const disturbed = rows.filter(({ figures }) => (figures['other_programs_cores'] ?? 0) > OTHERS_CORES_MAX);
  const doubts = rows.flatMap(({ name, doubts }) => doubts.map((doubt) => `${name} ${doubt}`));
  const trouble = rows.flatMap(({ name, trouble }) =>
    Object.entries(trouble).map(([what, times]) => `${name}: ${what} ${times} times`),
  );
  return [
    ...(disturbed.length === 0 ? [] : [`Other programs disturbed ${namesOf(disturbed)}: ${DISTURBED}.`]),
    ...(doubts.length === 0 ? [] : [`Not to be trusted: ${doubts.join('; ')}.`]),
    ...(trouble.length === 0 ? [] : [`Answers that were no payment: ${trouble.join('; ')}`]),
  ];
}

function namesOf(rows: readonly KeptRow[]): string {
  return rows.map(({ name }) => name).join(', ');
}
