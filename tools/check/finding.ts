// Owns what a check is and what it reports: always a file, a line, what is wrong there, and what to do.

export interface Finding {
  /** Path from the project's folder. */
  file: string;
  /** From 1. */
  line: number;
  problem: string;
  remedy: string;
}

/** What a check found; `output` is the text of an outside tool that says file and line itself. */
export interface CheckResult {
  findings: readonly Finding[];
  output?: string;
  failed: boolean;
  /** What was looked at, as `214 files`; a check that saw nothing has failed. */
  looked: string;
}

export interface Check {
  name: string;
  run(): Promise<CheckResult>;
}

/**
 * A result from findings alone.
 *
 * @param seen how many things were looked at; zero is a failure, since a rule that sees nothing keeps nothing
 */
export function resultOf(findings: readonly Finding[], seen: number, unit: string): CheckResult {
  if (seen > 0) return { findings, failed: findings.length > 0, looked: `${seen} ${unit}` };
  const nothing: Finding = { file: '.', line: 1, problem: `no ${unit} seen`, remedy: 'run it in the project’s folder' };
  return { findings: [...findings, nothing], failed: true, looked: `0 ${unit}` };
}

export function describeFinding({ file, line, problem, remedy }: Finding): string {
  return `${file}:${line} ${problem}; ${remedy}`;
}
