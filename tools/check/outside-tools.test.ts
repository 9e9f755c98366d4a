// Shows that the linter as we set it up finds what we rely on it for, and that a tool which saw nothing has not passed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runOutsideTool } from './outside-tools.ts';
import { PROJECT_FOLDER } from './source-files.ts';

const LINT = { command: 'oxlint', seen: /on (\d+) files?/, remedy: 'mend it' };
const config = fileURLToPath(new URL('.oxlintrc.json', PROJECT_FOLDER));

/** A file per rule, each breaking that rule once. */
const VIOLATIONS: readonly (readonly [string, string])[] = [
  ['no-floating-promises', 'export function f(): void {\n  Promise.resolve(1);\n}\n'],
  ['no-misused-promises', 'export const f = (): void => {\n  [1].forEach(async () => {});\n};\n'],
  ['no-explicit-any', 'export const f = (x: any): unknown => x;\n'],
  ['no-unsafe-return', 'export const f = (): number => JSON.parse("1");\n'],
  [
    'switch-exhaustiveness-check',
    "export function f(x: 'a' | 'b'): number {\n  switch (x) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}\n",
  ],
  ['await-thenable', 'export const f = async (): Promise<number> => await 1;\n'],
  [
    'return-await',
    'export async function f(x: Promise<number>): Promise<number> {\n  try {\n    return x;\n  } catch {\n    return 1;\n  }\n}\n',
  ],
  ['consistent-type-imports', "import { Stats } from 'node:fs';\nexport type S = Stats;\n"],
  ['no-cycle', "import { b } from './cycle-other.ts';\nexport const a: number = b;\n"],
  ['no-console', "console.log('x');\nexport {};\n"],
];

let folder: string;
let report: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lint-'));
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2024',
    strict: true,
    allowImportingTsExtensions: true,
    noEmit: true,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  for (const [rule, text] of VIOLATIONS) writeFileSync(join(folder, `${rule}.ts`), text);
  writeFileSync(join(folder, 'cycle-other.ts'), "import { a } from './no-cycle.ts';\nexport const b: number = a;\n");
  const result = await runOutsideTool({ ...LINT, args: ['-c', config, '--format', 'unix', folder] });
  report = result.output ?? '';
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the linter finds', () => {
  test.each(VIOLATIONS.map(([rule]) => rule))('%s', (rule) => {
    expect(report).toMatch(new RegExp(`${rule}\\.ts:\\d+:\\d+: .*\\(${rule}\\)`));
  });
});

test('a tool that saw no files has failed', async () => {
  const result = await runOutsideTool({ ...LINT, args: ['-c', config, join(folder, 'nothing-here.ts')] });
  expect(result).toMatchObject({ failed: true, output: expect.stringMatching(/no files/i) as string });
});

test('a tool that is not installed has failed, and says what to run', async () => {
  const result = await runOutsideTool({ command: 'no-such-tool', args: [], remedy: '' });
  expect(result).toMatchObject({ failed: true, output: expect.stringContaining('npm install') as string });
});
