// Holds results for clients that read slowly, late, or not at all.
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { createResultStream } from './result-stream.ts';

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const turn = new Promise((resolve) => setImmediate(resolve, 'pending'));
  return (await Promise.race([promise, turn])) === 'pending';
}

test('makes the writer wait until something was read', async () => {
  const { stream, write, room, end } = createResultStream({ heldBytesMax: 10 });
  write('12345');
  await room();
  write('67890');
  const opened = room();
  expect(await isPending(opened)).toBe(true);
  const read = text(stream);
  await opened;
  end();
  expect(await read).toBe('1234567890');
});

test('is closed when the last result was read, not when it was written', async () => {
  const { stream, write, end, closed } = createResultStream();
  write('x');
  end();
  expect(await isPending(closed)).toBe(true);
  stream.resume();
  await closed;
});

test('a writer that waits hears that the reader is gone', async () => {
  const { stream, write, room } = createResultStream({ heldBytesMax: 1 });
  write('x');
  const opened = room();
  stream.destroy();
  await expect(opened).rejects.toThrow('nobody reads');
  write('y');
});

test.each([['something'], ['']])('gives up a client that does not read "%s" and the end', async (held) => {
  const { stream, write, end, closed } = createResultStream({ stalledMsMax: 30 });
  write(held);
  end();
  const [error] = (await once(stream, 'error')) as [Error];
  expect(error.message).toContain('stopped reading');
  await closed;
});
