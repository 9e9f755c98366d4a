// Says that the real registry takes our schemas and compatible changes of them, and refuses others with the field's name.
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { testServices } from '@paystream/testkit';
import { catalogue, subjectOf, topicNames } from '@paystream/topics';
import { registerSchemas, SchemaRefusedError, SchemaRegistrationError } from './schemas.ts';

const registryUrl = testServices().schemaRegistryUrl;
const logger = { info: () => undefined };

interface Field {
  name: string;
  type: unknown;
  doc?: string;
  default?: null;
}

test('every topic’s schema is registered under its subject, once however often it is asked', async () => {
  const first = await registerSchemas({ registryUrl, logger });
  const second = await registerSchemas({ registryUrl, logger });
  expect(first.map(({ subject }) => subject)).toEqual(topicNames.map(subjectOf));
  expect(second).toEqual(first);
});

test('processes that register new schemas at the same time all get the same ids', async () => {
  const suffix = randomUUID();
  const schemas = topicNames.map((topic) => ({
    topic,
    subject: `${topic}-${suffix}`,
    schema: catalogue[topic].schema,
  }));
  const [first, ...others] = await Promise.all(
    Array.from({ length: 5 }, () => registerSchemas({ registryUrl, logger, schemas })),
  );
  expect(others).toEqual(others.map(() => first));
});

test('every subject is held to FULL_TRANSITIVE', async () => {
  await registerSchemas({ registryUrl, logger });
  for (const topic of topicNames) {
    const response = await fetch(`${registryUrl}/config/${subjectOf(topic)}`);
    expect(await response.json()).toMatchObject({ compatibilityLevel: 'FULL_TRANSITIVE' });
  }
});

describe('a changed schema', () => {
  const added: Field = { name: 'addedLater', type: ['null', 'string'], default: null, doc: 'New.' };

  test('with a new nullable field is taken', async () => {
    await expect(registerBoth((fields) => [...fields, added])).resolves.toHaveLength(1);
  });

  test.each<[string, (fields: Field[]) => Field[], RegExp]>([
    [
      'with a new field that has no default',
      (fields) => [...fields, { name: 'addedLater', type: 'string' }],
      /addedLater/,
    ],
    ['without a field it had', (fields) => fields.filter(({ name }) => name !== 'rate'), /rate/],
    [
      'with another type',
      (fields) => fields.map((field) => (field.name === 'rate' ? { ...field, type: 'long' } : field)),
      /rate|string/i,
    ],
  ])('%s is refused, and the field is named', async (_name, change, words) => {
    const refused = registerBoth(change);
    await expect(refused).rejects.toThrow(SchemaRefusedError);
    await expect(refused).rejects.toThrow(words);
  });
});

test('a registry that does not answer is worth another try', async () => {
  const away = registerSchemas({ registryUrl: 'http://127.0.0.1:9', logger });
  await expect(away).rejects.toThrow(SchemaRegistrationError);
  await expect(away).rejects.toMatchObject({ retriable: true });
});

/** Registers fx.rate's schema under a new subject and then its changed version. */
async function registerBoth(change: (fields: Field[]) => Field[]): Promise<unknown[]> {
  const subject = `fx.rate-${randomUUID()}`;
  const register = (schema: string): Promise<unknown[]> =>
    registerSchemas({ registryUrl, logger, schemas: [{ topic: 'fx.rate', subject, schema }] });
  await register(catalogue['fx.rate'].schema);
  // Our own schema, whose fields are of this shape.
  const schema = JSON.parse(catalogue['fx.rate'].schema) as { fields: Field[] };
  return register(JSON.stringify({ ...schema, fields: change(schema.fields) }));
}
