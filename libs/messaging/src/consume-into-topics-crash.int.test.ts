// Tries to lose and disorder records while transforming through a crash: half-open connections, kills, a frozen member.
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consumeIntoTopics } from './consume-into-topics.ts';
import { createPublisher } from './publisher.ts';
import type { Copying, Pair } from './testing/copying.ts';
import { copyTo, createCopying } from './testing/copying.ts';
import type { ScratchTopics } from './testing/scratch-topics.ts';
import { aRecord, records } from './testing/scratch-topics.ts';

let copying: Copying;
let topics: ScratchTopics;
beforeAll(() => {
  copying = createCopying();
  ({ topics } = copying);
});
afterAll(() => copying.close());

/** In each partition the first record of each kind is there, in the input's order; all else repeats one of them. */
async function expectFirstsInOrder(names: Pair): Promise<void> {
  const { asked, firsts } = await copying.textsOf(names);
  expect(firsts).toEqual(asked);
}

// These wait for the group's timeouts, so they wait together.
describe.concurrent('transforming through a crash', () => {
  it('is back within seconds when its connections are half open', async () => {
    const names = await copying.pair(1, (input) => records(input, 0, 5));
    const { proxy, context } = await copying.throughProxy();
    const consumer = await consumeIntoTopics(context, {
      ...names,
      topics: [names.input],
      transform: copyTo(names.output),
    });
    await copying.untilWritten(names);
    proxy.freeze();
    await copying.publish([aRecord(names.input, 0, 'while frozen')]);
    const frozenAtMs = performance.now();
    await copying.untilWritten(names, 25_000);
    // Three connections, one after the other, of 5 s each. Stock kafkajs: 22 s for the first.
    expect(performance.now() - frozenAtMs).toBeLessThan(20_000);
    await copying.untilRead(names);
    await consumer.stop();
    await expectFirstsInOrder(names);
  });

  it.each([
    // After a second, in which offsets have been committed, and between a send and its commit.
    ['messaging.acknowledged', 60],
    ['messaging.offsets_committed', 1],
  ])('loses and disorders nothing when killed at %s', async (faultPoint, faultSkip) => {
    const names = await copying.pair(2, () => []);
    const killed = copying.startChild({ ...names, faultPoint, faultSkip });
    const publisher = createPublisher(topics.context);
    let isRunning = true;
    void killed.ended.then(() => (isRunning = false));
    for (let round = 0; isRunning; round++) {
      await publisher.publish([...records(names.input, 0, 5, `a${round}`), ...records(names.input, 1, 5, `b${round}`)]);
      // A stream of records until the kill: its length is the subject.
      await wait(50);
    }
    await publisher.close();
    expect(await killed.ended).toBe('SIGKILL');
    copying.startChild(names);
    await copying.untilRead(names);
    await expectFirstsInOrder(names);
    // The kill has met what it was to meet: something acknowledged, and not committed.
    const repeated = (await topics.readAll(names.output)).length - (await topics.readAll(names.input)).length;
    if (faultPoint === 'messaging.acknowledged') expect(repeated).toBeGreaterThan(0);
  });

  it('loses and disorders nothing when one of two members is frozen for nine seconds and wakes up', async () => {
    const names = await copying.pair(4, () => []);
    const members = [copying.startChild(names), copying.startChild(names)];
    await Promise.all(members.map(({ ready }) => ready));
    const publisher = createPublisher(topics.context);
    let sent = 0;
    const sendSome = async () => {
      await publisher.publish(Array.from({ length: 40 }, () => aRecord(names.input, sent % 4, `${sent++}`)));
    };
    for (let round = 0; round < 20; round++) await sendSome();
    members[0]?.freeze();
    const frozenAtMs = performance.now();
    while (performance.now() - frozenAtMs < 9_000) {
      await sendSome();
      // A stream of records for as long as the freeze lasts: its length is the subject.
      await wait(100);
    }
    members[0]?.thaw();
    for (let round = 0; round < 20; round++) await sendSome();
    await publisher.close();
    await copying.untilWritten(names);
    await copying.untilRead(names);
    await expectFirstsInOrder(names);
  });
});
