// Shows each boundary being crossed and found, with file, line and remedy.
import { describe, expect, test } from 'vitest';
import { checkBoundaries } from './boundaries.ts';
import type { SourceFile } from './source-files.ts';

const manifests: SourceFile[] = [
  manifest('.', 'paystream', [], ['vitest']),
  manifest('libs/money', '@paystream/money'),
  manifest('libs/payments', '@paystream/payments', ['@paystream/money', '@paystream/topics', '@paystream/database']),
  manifest('libs/proof', '@paystream/proof', ['@paystream/money', '@paystream/payments']),
  manifest('libs/database', '@paystream/database', ['pg', '@paystream/money']),
  manifest('libs/messaging', '@paystream/messaging', ['kafkajs', '@paystream/database']),
  manifest('libs/testkit', '@paystream/testkit', ['@paystream/messaging']),
  manifest('topics', '@paystream/topics', ['@paystream/payments', '@paystream/money']),
  manifest('apps/gateway', '@paystream/gateway', [
    '@paystream/accounts',
    '@paystream/messaging',
    '@paystream/testkit',
    'kafkajs',
    'pg',
  ]),
  manifest('apps/accounts', '@paystream/accounts', ['@paystream/topics']),
];

describe('refused', () => {
  test.each<[string, string, string, RegExp]>([
    [
      'an app that imports an app',
      'apps/gateway/src/a.ts',
      `import { x } from '@paystream/accounts';`,
      /may not know apps\/accounts/,
    ],
    [
      'domain that imports an adapter',
      'libs/payments/src/a.ts',
      `import { x } from '@paystream/database';`,
      /may not know libs\/database/,
    ],
    [
      'domain that imports topics, even a type',
      'libs/payments/src/a.ts',
      `import type { X } from '@paystream/topics';`,
      /may not know topics/,
    ],
    [
      'domain that imports Node',
      'libs/money/src/a.ts',
      `import { readFileSync } from 'node:fs';`,
      /without looking at the world/,
    ],
    [
      'proof that imports more than money',
      'libs/proof/src/a.ts',
      `import { x } from '@paystream/payments';`,
      /may not know libs\/payments/,
    ],
    [
      'kafkajs outside messaging',
      'apps/gateway/src/a.ts',
      `import { Kafka } from 'kafkajs';`,
      /only libs\/messaging knows/,
    ],
    ['pg outside database', 'apps/gateway/src/a.ts', `import pg from 'pg';`, /only libs\/database knows/],
    [
      'kafkajs outside messaging in a test',
      'apps/gateway/src/a.test.ts',
      `import { Kafka } from 'kafkajs';`,
      /only libs\/messaging knows/,
    ],
    [
      'the testkit outside a test',
      'apps/gateway/src/a.ts',
      `import { x } from '@paystream/testkit';`,
      /outside a test/,
    ],
    [
      'an app in a test of another',
      'apps/gateway/src/a.test.ts',
      `import { x } from '@paystream/accounts';`,
      /may not know apps\/accounts/,
    ],
    [
      'a relative path into another room',
      'libs/payments/src/a.ts',
      `import { x } from '../../money/src/index.ts';`,
      /relative path/,
    ],
    [
      'a path past a room’s index',
      'libs/payments/src/a.ts',
      `import { x } from '@paystream/money/src/money.ts';`,
      /past its index/,
    ],
    ['a package nobody declared', 'libs/database/src/a.ts', `import x from 'left-pad';`, /does not declare/],
    ['a room nobody declared', 'apps/accounts/src/a.ts', `import { x } from '@paystream/money';`, /does not declare/],
    [
      'a development tool in production',
      'libs/database/src/a.ts',
      `import { test } from 'vitest';`,
      /does not declare/,
    ],
    ['a room that is not there', 'apps/accounts/src/a.ts', `import { x } from '@paystream/nothing';`, /is no room/],
    ['an import without its ending', 'libs/money/src/a.ts', `import { x } from './money';`, /without its ending/],
    ['Node by its bare name', 'libs/database/src/a.ts', `import fs from 'fs';`, /bare name/],
    [
      'what is imported on the way',
      'libs/money/src/a.ts',
      `const fs = await import('node:fs');`,
      /without looking at the world/,
    ],
    [
      'what is only exported',
      'apps/gateway/src/a.ts',
      `export { x } from '@paystream/accounts';`,
      /may not know apps\/accounts/,
    ],
    [
      'an import over several lines',
      'apps/gateway/src/a.ts',
      `import {\n  x,\n} from '@paystream/accounts';`,
      /may not know apps\/accounts/,
    ],
  ])('%s', (_name, path, text, problem) => {
    const { failed, findings } = checkBoundaries([...manifests, { path, text: `// Opens.\n${text}\n` }]);
    expect(failed).toBe(true);
    expect(findings).toEqual([
      expect.objectContaining({ file: path, problem: expect.stringMatching(problem) as string }),
    ]);
    expect(findings[0]?.remedy).not.toBe('');
    expect(findings[0]?.line).toBe(text.split('\n').length + 1);
  });

  test('rooms that import each other', () => {
    const { findings } = checkBoundaries([
      ...manifests,
      { path: 'libs/database/src/a.ts', text: `import { x } from '@paystream/messaging';` },
      { path: 'libs/messaging/src/a.ts', text: `import { x } from '@paystream/database';` },
    ]);
    expect(findings.filter(({ problem }) => /each other/.test(problem))).toHaveLength(2);
  });

  test('a room that has no layer', () => {
    const room = manifest('libs/new', '@paystream/new');
    const { findings } = checkBoundaries([...manifests, room, { path: 'libs/new/src/a.ts', text: '' }]);
    expect(findings).toEqual([
      expect.objectContaining({ file: 'libs/new/package.json', remedy: expect.stringContaining('rooms.ts') as string }),
    ]);
  });

  test('having seen no files', () => {
    expect(checkBoundaries([])).toMatchObject({ failed: true, looked: '0 files' });
  });
});

test.each<[string, string, string]>([
  ['domain imports domain', 'libs/payments/src/a.ts', `import { x } from '@paystream/money';`],
  ['an app imports an adapter', 'apps/gateway/src/a.ts', `import { x } from '@paystream/messaging';`],
  ['the hiding room imports what it hides', 'libs/messaging/src/a.ts', `import { Kafka } from 'kafkajs';`],
  [
    'a test uses the testkit and the root’s tools',
    'libs/money/src/a.test.ts',
    `import '@paystream/testkit';\nimport 'vitest';`,
  ],
  ['a test of the domain reads a file', 'libs/money/src/a.test.ts', `import { readFileSync } from 'node:fs';`],
  [
    'a comment or a string names a package',
    'libs/money/src/a.ts',
    `// import x from 'pg';\nconst url = 'http://x'; // from 'pg'`,
  ],
])('allowed: %s', (_name, path, text) => {
  expect(checkBoundaries([...manifests, { path, text }])).toMatchObject({ failed: false, findings: [] });
});

function manifest(room: string, name: string, dependencies: string[] = [], devDependencies: string[] = []): SourceFile {
  const versions = (names: string[]): object => Object.fromEntries(names.map((dependency) => [dependency, '1.0.0']));
  const text = JSON.stringify({
    name,
    dependencies: versions(dependencies),
    devDependencies: versions(devDependencies),
  });
  return { path: room === '.' ? 'package.json' : `${room}/package.json`, text };
}
