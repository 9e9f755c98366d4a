// Tells changes in order, with one lost, and not at all: what may have changed is forgotten, and nothing else.
import type { Database } from '@paystream/database';
import { expect, test } from 'vitest';
import { createChanges } from './changes.ts';

async function listening() {
  const changes = createChanges();
  const forgotten: (string | null)[] = [];
  changes.onChange((ownerUuid) => forgotten.push(ownerUuid));
  const words: ((payload: string) => void)[] = [];
  const listen: Database['listen'] = (_channel, onNotification) => {
    words.push(onNotification);
    return Promise.resolve(() => Promise.resolve());
  };
  await changes.listen({ listen });
  const tell = (payload: string) => words[0]?.(payload);
  const look = (version: bigint) => changes.confirm(() => Promise.resolve({ changes: version }));
  return { changes, forgotten, tell, look };
}

test('what was remembered before the first look is not trusted, and after it everything is until it changes', async () => {
  const { changes, forgotten, look, tell } = await listening();
  expect(changes.confirmedAtMs()).toBe(-Infinity);
  await look(7n);
  expect(forgotten).toEqual([null]);
  const confirmedAtMs = changes.confirmedAtMs();
  await look(7n);
  expect(forgotten).toEqual([null]);
  expect(changes.confirmedAtMs()).toBeGreaterThanOrEqual(confirmedAtMs);
  tell('8 a');
  tell('9 b');
  await look(9n);
  expect(forgotten).toEqual([null, 'a', 'b']);
});

test('a word that was lost makes everything forgotten, whether the next word or the look shows it', async () => {
  const { forgotten, look, tell } = await listening();
  await look(0n);
  tell('2 b');
  expect(forgotten).toEqual([null, null]);
  await look(3n);
  expect(forgotten).toEqual([null, null, null]);
});

test('a look that saw less than was told, or a database that was set back, is no reason to trust anything', async () => {
  const { forgotten, look, tell } = await listening();
  await look(5n);
  tell('6 a');
  await look(5n);
  tell('6 a');
  await look(6n);
  await look(2n);
  expect(forgotten).toEqual([null, 'a', null, 'a', null]);
});

test('a look that fails confirms nothing', async () => {
  const { changes, look } = await listening();
  await look(5n);
  const confirmedAtMs = changes.confirmedAtMs();
  await expect(changes.confirm(() => Promise.reject(new Error('no database')))).rejects.toThrow('no database');
  expect(changes.confirmedAtMs()).toBe(confirmedAtMs);
});
