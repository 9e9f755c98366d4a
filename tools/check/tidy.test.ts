// Shows each house rule being broken and found, with file, line and remedy.
import { describe, expect, test } from 'vitest';
import { checkTidy } from './tidy.ts';

const HEADER = '// Decides something worth a whole sentence.\n';

/** Put together here, or the rule would find this very file. */
const SECRET = ['AKIA', 'ABCDEFGHIJKLMNOP'].join('');

describe('found', () => {
  test.each<[string, string, string, RegExp, number]>([
    ['a file without a sentence', 'libs/money/src/a.ts', 'export const a = 1;\n', /without a sentence/, 1],
    [
      'a file that opens with a word',
      'libs/money/src/a.ts',
      '// money\nexport const a = 1;\n',
      /without a sentence/,
      1,
    ],
    ['a file too long', 'libs/money/src/a.ts', HEADER + 'x;\n'.repeat(500), /501 lines/, 450],
    ['a test singled out', 'libs/money/src/a.test.ts', `${HEADER}test.only('x', () => {});\n`, /singled out/, 2],
    ['a test left out', 'libs/money/src/a.test.ts', `${HEADER}describe.skip('x', () => {});\n`, /left out/, 2],
    ['a sleeping test', 'apps/x/src/a.test.ts', `${HEADER}\nawait sleep(100);\n`, /waits for a time/, 3],
    [
      'a test with a timer of its own',
      'apps/x/src/a.test.ts',
      `${HEADER}await new Promise((resolve) => setTimeout(resolve, 5));\n`,
      /waits for a time/,
      2,
    ],
    ['a class', 'libs/http/src/a.ts', `${HEADER}export class Service {}\n`, /class that is no error/, 2],
    ['an enum', 'libs/http/src/a.ts', `${HEADER}export enum Kind { A }\n`, /cannot erase/, 2],
    ['a float in a room of money', 'libs/pricing/src/a.ts', `${HEADER}const fee = Math.round(x);\n`, /floats/, 2],
    [
      'a path that is still a URL',
      'libs/http/src/a.test.ts',
      `${HEADER}const main = new URL('main.ts', import.meta.url).pathname;\n`,
      /has a space/,
      2,
    ],
    ['an environment read anywhere', 'libs/http/src/a.ts', `${HEADER}const url = process.env.URL;\n`, /environment/, 2],
    ['a silenced type error', 'libs/http/src/a.ts', `${HEADER}// @ts-ignore\nx();\n`, /silenced/, 2],
    ['a secret in any file', 'docs/a.md', `# Title\n\nkey: ${SECRET}\n`, /secret/, 3],
    [
      'a version that moves',
      'libs/http/package.json',
      '{\n  "dependencies": {\n    "pg": "^8.0.0"\n  }\n}\n',
      /change by itself/,
      3,
    ],
  ])('%s', (_name, path, text, problem, line) => {
    const { failed, findings } = checkTidy([
      { path, text },
      { path: 'libs/money/src/b.ts', text: HEADER },
    ]);
    expect(failed).toBe(true);
    expect(findings).toEqual([
      { file: path, line, problem: expect.stringMatching(problem) as string, remedy: expect.any(String) as string },
    ]);
  });

  test('having seen no files', () => {
    expect(checkTidy([])).toMatchObject({ failed: true });
  });
});

test.each<[string, string, string]>([
  ['an error class', 'libs/http/src/a.ts', `${HEADER}export class RefusedError extends Error {}\n`],
  ['a word in a comment', 'libs/http/src/a.ts', `${HEADER}// this class reads no process.env\n`],
  ['a main file that reads the environment', 'apps/x/src/main.ts', `${HEADER}const env = process.env;\n`],
  [
    'a wait that says why time is the subject',
    'apps/x/src/a.test.ts',
    `${HEADER}// The lease must run out, and nothing says when.\nawait delay(10);\n`,
  ],
  ['the engines a package asks for', 'package.json', '{\n  "engines": {\n    "node": ">=20"\n  }\n}\n'],
  ['a header as a block', 'apps/x/src/a.ts', '/** Decides something worth a whole sentence. */\n'],
])('allowed: %s', (_name, path, text) => {
  expect(
    checkTidy([
      { path, text },
      { path: 'libs/money/src/b.ts', text: HEADER },
    ]).findings,
  ).toEqual([]);
});
