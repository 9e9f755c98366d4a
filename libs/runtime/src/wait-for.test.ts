// Waiting ends with the condition, with its error, or with a sentence at the deadline.
import { expect, it } from 'vitest';
import { waitFor } from './wait-for.ts';

it('gives what the condition gave, zero and empty text included', async () => {
  let asked = 0;
  expect(await waitFor(() => (asked++ < 2 ? null : 0), { what: 'zero', intervalMs: 1 })).toBe(0);
  expect(await waitFor(() => '', { what: 'empty text' })).toBe('');
});

it('names what it waited for', async () => {
  const never = waitFor(() => false, { what: 'a sign', deadlineMs: 20, intervalMs: 5 });
  await expect(never).rejects.toThrow('waited 20 ms in vain for a sign');
});

it('passes an error on at once', async () => {
  const failing = waitFor(() => Promise.reject(new Error('broken')), { what: 'nothing', deadlineMs: 60_000 });
  await expect(failing).rejects.toThrow('broken');
});
