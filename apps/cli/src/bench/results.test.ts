// Shows that a kept result is read back as it was, and that nothing else is taken for one.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeRun, keepResult, readResult } from './results.ts';
import { figuresRow } from './rows.ts';
import { FULL_SETTINGS } from './settings.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'results-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('keeps a run with its machine, and reads it back', async () => {
  const projectFolder = pathToFileURL(`${folder}/`);
  const parts = [{ part: 'ladder', rows: [figuresRow('50/s', { cpu_ms: 8, statements: null })] }];
  const result = await describeRun({ projectFolder, settings: FULL_SETTINGS, parts });
  expect(result).toMatchObject({ commit: null, parts, machine: { node: process.versions.node } });

  const path = await keepResult(projectFolder, result);
  expect(basename(path)).toMatch(/^\d{4}-\d{2}-\d{2}-\d{4}-no-commit\.json$/);
  expect(await readResult(path)).toEqual(result);
});

it('takes nothing else for a result', async () => {
  const path = join(folder, 'other.json');
  await expect(readResult(path)).rejects.toThrow('cannot be read');
  await writeFile(path, 'no JSON');
  await expect(readResult(path)).rejects.toThrow('is no result');
  await writeFile(path, JSON.stringify({ format: 2, text: await readFile(path, 'utf8') }));
  await expect(readResult(path)).rejects.toThrow('is no result');
});

it('says which broker and database it ran on', async () => {
  const projectFolder = new URL('../../../../', import.meta.url);
  const { machine } = await describeRun({ projectFolder, settings: FULL_SETTINGS, parts: [] });
  expect(machine.kafka).toMatch(/^\d+\.\d+\.\d+$/);
  expect(machine.postgres).toMatch(/^\d+\.\d+/);
});
