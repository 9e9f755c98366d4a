/** Writers of the file do not meet, and none comes after its removal. */

import { readdirSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openStackFile, readStackFile } from './stack-file.ts';
import type { StackFile } from './stack-file.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

function stack(supervisor: number): StackFile {
  return {
    source: 'local',
    gateway_url: '',
    gateway_urls: [],
    operator_url: '',
    gateway_certificate_file: '',
    api_key: '',
    merchant_id: '',
    kafka_brokers: '',
    kafka_topic_prefix: '',
    schema_registry_url: '',
    databases: { gateway: '', accounts: '', notifier: '', contacts: '' },
    mail_url: '',
    health_urls: {},
    pids: { supervisor },
  };
}

const numbers = Array.from({ length: 50 }, (_, index) => index + 1);

test('of many writes at once the last one stays, and none fails', async () => {
  const folder = temporaryFolder();
  const file = openStackFile(folder, () => {});
  await Promise.all(numbers.map((number) => file.write(stack(number))));
  expect(await readStackFile(folder)).toEqual(stack(50));
});

test('what was removed does not come back', async () => {
  const folder = temporaryFolder();
  const said: string[] = [];
  const file = openStackFile(folder, (line) => void said.push(line));
  for (const number of numbers) file.refresh(stack(number));
  await file.remove();
  await file.write(stack(51));
  expect(readdirSync(folder)).toEqual([]);
  expect(said).toEqual([]);
});

test('a refresh that fails is logged, and the next one is tried', async () => {
  const folder = temporaryFolder();
  const said: string[] = [];
  const file = openStackFile(folder, (line) => void said.push(line));
  rmSync(folder, { recursive: true });
  file.refresh(stack(1));
  await expect(file.write(stack(2))).rejects.toThrow('ENOENT');
  expect(said).toEqual([expect.stringContaining('stack.json is out of date')]);
});
