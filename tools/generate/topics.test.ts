// Holds every topic folder against what is promised of it: complete, current, compatible, with examples that fit.
import { existsSync, readFileSync } from 'node:fs';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import specs from '@asyncapi/specs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { exampleFaults, readExamples } from './examples.ts';
import { historyFaults } from './history.ts';
import { readTopicFolders, TOPICS_FOLDER } from './topic-folders.ts';
import { generatedFiles, staleFiles } from './topics.ts';

const topics = readTopicFolders();

test('what is generated is what the folders say', () => {
  expect(staleFiles(generatedFiles(topics)).map(({ url }) => url.pathname)).toEqual([]);
});

describe.each(topics.map((topic) => [topic.settings.name, topic] as const))('%s', (_name, topic) => {
  test('can read and be read by every version released', () => {
    expect(historyFaults(topic)).toEqual([]);
  });

  test('has examples, and they fit its schema', () => {
    const examples = readExamples(topic);
    expect(examples.length).toBeGreaterThan(0);
    for (const { name, value } of examples) {
      expect({ name, faults: exampleFaults(topic.schema, value) }).toEqual({ name, faults: [] });
    }
  });

  test('says what it means, its key, its promises and how long it is kept', () => {
    const readme = readFileSync(new URL('README.md', topic.folder), 'utf8');
    for (const part of ['**Key.**', '**Promises.**', '**Kept.**']) expect(readme).toContain(part);
  });

  test('carries no person', () => {
    expect(JSON.stringify(topic.schema)).not.toMatch(
      /"name":\s*"\w*(email|address|phone|description|metadata|firstName)/i,
    );
  });
});

test('the AsyncAPI document is valid by the standard’s own schema', () => {
  const document = JSON.parse(readFileSync(new URL('asyncapi.json', TOPICS_FOLDER), 'utf8')) as object;
  // The schemas refer to formats that Ajv does not know without a plug-in; shapes are what is judged here.
  const ajv = new Ajv({ strict: false, logger: false, validateFormats: false, allErrors: true, unicodeRegExp: false });
  const validate = ajv.compile(withoutMetaSchema(specs.schemas['3.0.0']));
  expect(validate(document) ? [] : validate.errors).toEqual([]);
});

test('an example that does not fit is found, with its path', () => {
  const settled = topics.find(({ settings }) => settings.name === 'payment.settled');
  const [example] = settled === undefined ? [] : readExamples(settled);
  if (settled === undefined || example === undefined) throw new Error('payment.settled has no example');
  const broken = { ...(example.value as object), amountMinor: '5', extra: 1, balances: [{}] };
  const faults = exampleFaults(settled.schema, broken);
  expect(faults).toContain('amountMinor: must be "long"');
  expect(faults).toContain('extra: not in the schema');
  expect(faults).toContain('balances[0].accountId: missing');
});

describe('a copy of the folders with a fault', () => {
  test.each<[string, (schema: { fields: { name: string }[] }) => void, RegExp]>([
    ['a removed field', (schema) => schema.fields.pop(), /publishedAt/],
    [
      'a renamed field',
      (schema) => Object.assign(schema.fields[0] ?? {}, { name: 'other' }),
      /FxRate\.environment: was removed/,
    ],
  ])('%s is refused', (_name, change, reason) => {
    withCopy((root) => {
      const file = new URL('fx.rate/schema.avsc', root);
      const schema = JSON.parse(readFileSync(file, 'utf8')) as { fields: { name: string }[] };
      change(schema);
      writeFileSync(file, JSON.stringify(schema));
      const rate = readTopicFolders(root).find(({ settings }) => settings.name === 'fx.rate');
      if (rate === undefined) throw new Error('the copy has no fx.rate');
      expect(historyFaults(rate).join('\n')).toMatch(reason);
    });
  });

  test('is not taken for an empty one: no topics at all is an error', () => {
    withCopy((root) => {
      expect(() => readTopicFolders(new URL('fx.rate/history/', root))).toThrow(/no topic found/);
    });
  });
});

function withCopy(work: (root: URL) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'topics-'));
  try {
    cpSync(TOPICS_FOLDER, folder, { recursive: true, filter: (path) => !path.includes('node_modules') });
    const root = pathToFileURL(`${folder}/`);
    expect(existsSync(root)).toBe(true);
    work(root);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ajv knows draft 7 itself and refuses to be given it twice. */
function withoutMetaSchema(schema: object): object {
  const { definitions, ...rest } = schema as { definitions: Record<string, unknown> };
  const own = Object.entries(definitions).filter(([name]) => !name.startsWith('http://json-schema.org/'));
  return { ...rest, definitions: Object.fromEntries(own) };
}
