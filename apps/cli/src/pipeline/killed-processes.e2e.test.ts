/** Killing any one process during a load changes no decision and no balance: compared with the same load undisturbed. */

import { createHash } from 'node:crypto';
import { readFile, writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@paystream/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectDatabase } from '../connect.ts';
import { runLoad } from '../load/run-load.ts';
import type { LoadSummary } from '../load/summary.ts';
import { runWholeProof } from '../prove/run-proof.ts';
import { startPipeline } from './testing/start-pipeline.ts';
import type { Pipeline } from './testing/start-pipeline.ts';

const SAMPLE = new URL('../../../../data/cdnow-sample.csv', import.meta.url);
const ROWS = 1_500;
/** When so many purchases are through, so much is killed: one of two instances, the gateway that the load talks to. */
const KILLS: readonly (readonly [purchases: number, name: string])[] = [
  [150, 'gateway'],
  [450, 'accounts'],
  [700, 'processor'],
  [950, 'notifier'],
  [1_150, 'accounts-2'],
];

let folder: string;
let file: string;
let undisturbed: { readonly summary: LoadSummary; readonly books: string };

/** Loads the rows, telling how many are through. Gives what was decided, and a digest of every wallet and merchant. */
async function load(pipeline: Pipeline, onPurchase: (purchases: number) => void): Promise<typeof undisturbed> {
  const stack = await pipeline.stack();
  let purchases = -1;
  const progress = {
    start: (what: string) => {
      if (what === 'purchases') purchases = 0;
    },
    advance: () => {
      if (purchases >= 0) onPurchase((purchases += 1));
    },
    stop: () => {},
  };
  const summary = await runLoad({
    gatewayUrl: stack.gateway_url,
    apiKey: stack.api_key,
    file,
    shortShare: 0.3,
    progress,
  });
  const proof = await runWholeProof(await pipeline.stack());
  expect(proof.differenceCount, String(proof.differences[0]?.kind)).toBe(0);
  return { summary, books: await digestOfBooks(stack.databases.accounts) };
}

/** Balances of owners in an order that does not depend on the ids, which differ from one merchant to the other. */
async function digestOfBooks(url: string): Promise<string> {
  const database = connectDatabase(url, 60_000);
  try {
    const rows = await database.query<{ kind: string; posted: bigint; version: bigint }>({
      text: `SELECT split_part(id, ':', 2) AS kind, posted, version FROM accounts WHERE checked ORDER BY 1, 2, 3`,
    });
    const text = rows.map(({ kind, posted, version }) => `${kind} ${posted} ${version}`).join('\n');
    return createHash('sha256').update(text).digest('hex');
  } finally {
    await database.close();
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paystream-rows-'));
  file = join(folder, 'rows.csv');
  const lines = (await readFile(SAMPLE, 'utf8')).split('\n');
  await writeFile(file, `${lines.slice(0, ROWS + 1).join('\n')}\n`);
  const pipeline = await startPipeline();
  try {
    undisturbed = await load(pipeline, () => {});
  } finally {
    await pipeline.close();
  }
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('killed with -9 during a load', () => {
  test('the undisturbed load is worth comparing with', () => {
    const { summary } = undisturbed;
    expect(summary.succeeded).toBeGreaterThan(ROWS / 2);
    expect(summary.failed_by_reason['insufficient_funds']).toBeGreaterThan(10);
  });

  test('each kind of process in turn', async () => {
    const pipeline = await startPipeline();
    try {
      const before = (await pipeline.stack()).pids;
      const disturbed = await load(pipeline, (purchases) => {
        for (const [at, name] of KILLS) if (at === purchases) process.kill(before[name] ?? Number.NaN, 'SIGKILL');
      });
      for (const [, name] of KILLS) await returned(pipeline, name, before[name]);
      expect(disturbed.summary.succeeded).toBe(undisturbed.summary.succeeded);
      expect(disturbed.summary.failed_by_reason).toEqual(undisturbed.summary.failed_by_reason);
      expect(disturbed.books).toBe(undisturbed.books);
    } finally {
      await pipeline.close();
    }
  });
});

/** The supervisor has started another process in the place of the killed one. */
async function returned(pipeline: Pipeline, name: string, killed: number | undefined): Promise<void> {
  await waitFor(async () => (await pipeline.stack()).pids[name] !== killed, {
    what: `${name} to come back`,
    deadlineMs: 60_000,
  });
}
