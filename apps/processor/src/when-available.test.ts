// What is away is waited for; what is wrong is not.
import { createLogger } from '@paystream/telemetry';
import { expect, test } from 'vitest';
import { whenAvailable } from './when-available.ts';

const options = { what: 'nothing', logger: createLogger({ name: 'test', level: 'silent' }) };
const away = (): Error => Object.assign(new Error('away'), { retriable: true });

test('tries again while that may help', async () => {
  let attempts = 0;
  const start = async (): Promise<string> => {
    attempts += 1;
    if (attempts < 2) throw away();
    return 'here';
  };
  await expect(whenAvailable(start, { ...options, signal: new AbortController().signal })).resolves.toBe('here');
});

test('does not try again what cannot help', async () => {
  const start = async (): Promise<never> => {
    throw new Error('wrong');
  };
  await expect(whenAvailable(start, { ...options, signal: new AbortController().signal })).rejects.toThrow('wrong');
});

test('a stop ends the wait', async () => {
  const stopping = new AbortController();
  const start = async (): Promise<never> => {
    stopping.abort();
    throw away();
  };
  await expect(whenAvailable(start, { ...options, signal: stopping.signal })).rejects.toThrow('aborted');
});
