// Runs every check, or those named on the command line, and ends with a table and one clear sentence.
import { availableParallelism } from 'node:os';
import { CHECKS } from './checks.ts';
import type { Check, CheckResult } from './finding.ts';
import { describeFinding } from './finding.ts';

const CHECKS_AT_ONCE_MAX = 4;

interface Outcome {
  check: Check;
  result: CheckResult;
  durationMs: number;
}

async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !CHECKS.some((check) => check.name === name));
  if (unknown.length > 0) {
    write(`no check is called ${unknown.join(', ')}; there are: ${CHECKS.map(({ name }) => name).join(', ')}`);
    return 2;
  }
  const chosen = names.length === 0 ? CHECKS : CHECKS.filter(({ name }) => names.includes(name));
  const started = performance.now();
  const outcomes = await runAll(chosen);
  outcomes.filter(({ result }) => result.failed).forEach(report);
  return summarise(outcomes, performance.now() - started);
}

/** Runs the checks a few at a time; the outcomes are in the order of the checks. */
async function runAll(checks: readonly Check[]): Promise<Outcome[]> {
  const outcomes = new Map<Check, Outcome>();
  const waiting = [...checks];
  const work = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      outcomes.set(check, await runOne(check));
    }
  };
  await Promise.all(Array.from({ length: Math.min(CHECKS_AT_ONCE_MAX, availableParallelism()) }, work));
  return checks.flatMap((check) => outcomes.get(check) ?? []);
}

async function runOne(check: Check): Promise<Outcome> {
  const started = performance.now();
  const result = await check.run().catch((error: unknown): CheckResult => ({
    findings: [],
    failed: true,
    looked: '',
    output: error instanceof Error ? (error.stack ?? error.message) : String(error),
  }));
  return { check, result, durationMs: performance.now() - started };
}

function report({ check, result }: Outcome): void {
  write(`── ${check.name}`);
  for (const finding of result.findings) write(describeFinding(finding));
  if (result.output !== undefined) write(result.output);
  write('');
}

function summarise(outcomes: readonly Outcome[], totalMs: number): number {
  for (const { check, result, durationMs } of outcomes) {
    const verdict = result.failed ? 'FAILED' : 'ok';
    write(
      `${check.name.padEnd(14)}${verdict.padEnd(8)}${seconds(durationMs).padStart(7)}   ${result.looked}`.trimEnd(),
    );
  }
  const failed = outcomes.filter(({ result }) => result.failed).map(({ check }) => check.name);
  write('');
  write(
    failed.length === 0
      ? `All ${outcomes.length} checks passed in ${seconds(totalMs)}.`
      : `${failed.length} of ${outcomes.length} checks failed: ${failed.join(', ')}. Each line above says where and what to do.`,
  );
  return failed.length === 0 ? 0 : 1;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = await main(process.argv.slice(2));
