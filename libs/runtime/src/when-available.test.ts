// A start is tried again while that may help, and no longer.
import { createLogger } from '@paystream/telemetry';
import { expect, it } from 'vitest';
import { whenAvailable } from './when-available.ts';

function optionsWith(signal: AbortSignal) {
  const lines: string[] = [];
  const logger = createLogger({ name: 'test', destination: { write: (line) => void lines.push(line) } });
  return { lines, options: { what: 'the example', logger, signal } };
}

const away = () => Object.assign(new Error('nobody answers'), { retriable: true });

it('gives what the start gives once it succeeds, and says what it waits for meanwhile', async () => {
  const { lines, options } = optionsWith(new AbortController().signal);
  let tries = 0;
  const start = () => (tries++ === 0 ? Promise.reject(away()) : Promise.resolve('started'));
  expect(await whenAvailable(start, options)).toBe('started');
  expect(lines.join()).toContain('waits for the example');
});

it('passes on at once what trying again would not change', async () => {
  const { lines, options } = optionsWith(new AbortController().signal);
  await expect(whenAvailable(() => Promise.reject(new TypeError('wrong')), options)).rejects.toThrow('wrong');
  const isRetriable = () => false;
  await expect(whenAvailable(() => Promise.reject(away()), { ...options, isRetriable })).rejects.toThrow(
    'nobody answers',
  );
  expect(lines).toEqual([]);
});

it('ends when the process is to stop', async () => {
  const stopping = new AbortController();
  const { options } = optionsWith(stopping.signal);
  const waiting = whenAvailable(() => Promise.reject(away()), options);
  stopping.abort();
  await expect(waiting).rejects.toThrow('aborted');
});
