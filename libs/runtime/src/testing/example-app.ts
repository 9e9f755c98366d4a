// An app whose whole behaviour is told by its environment; run-app.test.ts starts it as a process.
import { createLogger } from '@paystream/telemetry';
import { faultPoint, runApp } from '../index.ts';

const {
  EXAMPLE_START_MS = '0',
  EXAMPLE_STOP_MS = '0',
  EXAMPLE_STOP_DEADLINE_MS,
  EXAMPLE_FAULT,
  EXAMPLE_FAULT_PASSES = '1',
} = process.env;

const after = (durationMs: number) => new Promise<void>((resolve) => void setTimeout(resolve, durationMs));

await runApp({
  name: 'example',
  logger: createLogger({ name: 'example' }),
  ...(EXAMPLE_STOP_DEADLINE_MS === undefined ? {} : { stopDeadlineMs: Number(EXAMPLE_STOP_DEADLINE_MS) }),
  start: async ({ fail }) => {
    if (EXAMPLE_FAULT === 'start') throw new Error('the start failed');
    await after(Number(EXAMPLE_START_MS));
    const startedAt = performance.now();
    if (EXAMPLE_FAULT === 'unhandled') void Promise.reject(new Error('nobody handles this'));
    if (EXAMPLE_FAULT === 'fail') fail(new Error('the client has crashed'));
    for (let pass = 0; pass < Number(EXAMPLE_FAULT_PASSES); pass += 1) faultPoint('example.started');
    // Something that would keep the process alive for ever, as a connection does.
    setInterval(() => undefined, 60_000);
    return {
      ready: () => performance.now() - startedAt > 20,
      info: { url: 'http://example' },
      stop: () => after(Number(EXAMPLE_STOP_MS)),
    };
  },
});
