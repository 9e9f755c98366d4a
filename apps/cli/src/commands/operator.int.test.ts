// Makes an operator of a stack that is described in stack.json, as a person at the command line does.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createDatabase } from '@paystream/database';
import { createLogger } from '@paystream/telemetry';
import type { TestDatabase } from '@paystream/testkit';
import { createTestDatabase, testServices } from '@paystream/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

let folder: string;
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'paystream-operator-'));
  const { kafkaBrokers, schemaRegistryUrl } = testServices();
  const stack = {
    source: 'environment',
    operator_url: 'http://127.0.0.1:8090',
    kafka_brokers: kafkaBrokers,
    kafka_topic_prefix: '',
    schema_registry_url: schemaRegistryUrl,
    databases: { gateway: database.url },
  };
  await writeFile(join(folder, 'stack.json'), JSON.stringify(stack));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
  await database.drop();
});

function run(args: readonly string[], environment: NodeJS.ProcessEnv) {
  return promisify(execFile)(process.execPath, [MAIN, 'operator', 'add', ...args], {
    env: { ...process.env, PAYSTREAM_FOLDER: folder, ...environment },
  });
}

test('an operator is made, and the key is shown this once', { timeout: 30_000 }, async () => {
  const environment = { PERSONAL_DATA_KEY: randomBytes(32).toString('base64') };
  const { stdout } = await run(['Olga', '--json'], environment);
  expect(JSON.parse(stdout)).toEqual({
    operator_id: expect.stringMatching(/^op_[0-9a-f]{32}$/) as string,
    operator_key: expect.stringMatching(/^op_[0-9a-f]{64}$/) as string,
    operator_url: 'http://127.0.0.1:8090',
  });
  expect((await run(['Ben'], environment)).stdout).toMatch(/key {7}op_[0-9a-f]{64}\n/);
  const gateway = createDatabase({ url: database.url, name: 'test', logger: createLogger({ name: 'test' }) });
  const names = await gateway.query<{ name: string }>({ text: 'SELECT name FROM operators ORDER BY created_at' });
  await gateway.close();
  expect(names).toEqual([{ name: 'Olga' }, { name: 'Ben' }]);
});

test('without the key of the gateways it says what to set', async () => {
  await expect(run(['Olga'], { PERSONAL_DATA_KEY: '' })).rejects.toThrow('Set PERSONAL_DATA_KEY');
});
