// Checks that of the producers with one id only the newest writes.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openFencedProducer } from './fenced-producer.ts';
import type { ScratchTopics } from './testing/scratch-topics.ts';
import { aRecord, createScratchTopics, texts } from './testing/scratch-topics.ts';

let topics: ScratchTopics;
beforeAll(() => {
  topics = createScratchTopics();
});
afterAll(() => topics.close());

it('shuts out an earlier producer of the same input', async () => {
  await topics.create({ output: 1 });
  const { settings, names } = topics.context;
  const id = `${topics.prefix}zombie`;
  const record = (text: string) => ({ ...aRecord('', 0, text), topic: names.topic('output'), partition: 0 });
  const zombie = await openFencedProducer(settings, id);
  await zombie.transact([record('while it was alive')], null);
  const owner = await openFencedProducer(settings, id);
  await expect(zombie.transact([record('after it was fenced')], null)).rejects.toMatchObject({ kind: 'fenced' });
  await owner.transact([record('by the owner')], null);
  await owner.close();
  expect(texts(await topics.readAll('output'))).toEqual(['while it was alive', 'by the owner']);
});
