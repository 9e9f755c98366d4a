// What was sent is recorded in groups, none is forgotten, and none is recorded after a group that could not be.
import { waitFor } from '@paystream/runtime';
import { expect, it } from 'vitest';
import { createSentEmails } from './sent-emails.ts';

it('records by fifty, and the rest when it is asked to', async () => {
  const groups: string[][] = [];
  const sent = createSentEmails((ids) => Promise.resolve(void groups.push([...ids])));
  const ids = Array.from({ length: 120 }, (_, index) => `ntf_${index}`);
  for (const id of ids) await sent.note(id);
  await sent.flush();
  expect(groups.map((group) => group.length)).toEqual([50, 50, 20]);
  expect(groups.flat()).toEqual(ids);
  await sent.flush();
  expect(groups).toHaveLength(3);
});

it('records what has waited for half a second, unasked', async () => {
  const recorded: string[] = [];
  const sent = createSentEmails((ids) => Promise.resolve(void recorded.push(...ids)));
  await sent.note('ntf_1');
  expect(recorded).toEqual([]);
  await waitFor(() => recorded.length === 1, { what: 'the e-mail to be recorded' });
});

it('lets no other be sent while a group is being recorded', async () => {
  const recording = Promise.withResolvers<void>();
  const sent = createSentEmails(() => recording.promise);
  let noted = 0;
  const all = Promise.all(Array.from({ length: 60 }, (_, index) => sent.note(`ntf_${index}`).then(() => (noted += 1))));
  // Those before the group was full; the others wait, the last of it included.
  await waitFor(() => noted >= 49, { what: 'the first to be noted' });
  expect(noted).toBe(49);
  recording.resolve();
  await all;
  await sent.flush();
});

it('says at the next occasion that a group was not recorded, and records no later one', async () => {
  const tried: string[] = [];
  const sent = createSentEmails((ids) => {
    tried.push(...ids);
    return Promise.reject(new Error('the database is away'));
  });
  await sent.note('ntf_1');
  await waitFor(() => tried.length === 1, { what: 'the first group to be tried' });
  await expect(sent.note('ntf_2')).rejects.toThrow('the database is away');
  await expect(sent.flush()).rejects.toThrow('the database is away');
  expect(tried).toEqual(['ntf_1']);
});
