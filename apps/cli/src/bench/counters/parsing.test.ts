// Shows that counters are read rightly from what the system and the apps show.

import { describe, expect, it } from 'vitest';
import { parseRequests } from './app-metrics.ts';
import { contextSwitches, parseSwitches } from './context-switches.ts';
import { between, stackCpuSeconds } from './counters.ts';
import type { Reading } from './counters.ts';
import { parseResident, residentMegabytes } from './resident-memory.ts';

describe('of processes', () => {
  it('adds voluntary and other context switches', () => {
    expect(parseSwitches('Threads:\t7\nvoluntary_ctxt_switches:\t150\nnonvoluntary_ctxt_switches:\t3\n')).toBe(153);
    expect(parseSwitches('')).toBe(0);
  });

  it('reads resident memory in megabytes', () => {
    expect(parseResident('Name:\tnode\nVmHWM:\t  999 kB\nVmRSS:\t  204800 kB\n')).toBe(200);
    expect(parseResident('')).toBeNull();
  });

  it.runIf(process.platform === 'linux')('sees this very process', async () => {
    const main = `${process.pid}/${process.pid}`;
    expect((await contextSwitches([process.pid])).get(main)).toBeGreaterThan(0);
    const { me, gone } = await residentMegabytes({ me: process.pid, gone: 2 ** 30 });
    expect(me).toBeGreaterThan(10);
    expect(gone).toBeUndefined();
  });
});

it('reads requests to the broker by API, and nothing else', () => {
  const text = [
    '# TYPE kafka_requests_total counter',
    'kafka_requests_total{api="Fetch",app="gateway"} 12',
    'kafka_requests_total{app="gateway",api="EndTxn"} 3',
    'kafka_requests_total_of_another{api="Fetch"} 99',
  ].join('\n');
  expect(parseRequests(text)).toEqual([
    ['Fetch', 12],
    ['EndTxn', 3],
  ]);
});

describe('between two readings', () => {
  const start: Reading = {
    seconds: 10,
    cpuSeconds: { kafka: 1, 'everything else': 5 },
    contextSwitches: new Map([
      ['1/1', 100],
      ['1/2', 7],
    ]),
    requests: { Fetch: 7 },
    commits: 3,
    statements: null,
  };
  const end: Reading = {
    seconds: 12,
    cpuSeconds: { kafka: 1.5, gateway: 0.25, 'everything else': 9 },
    contextSwitches: new Map([
      ['1/1', 150],
      ['1/3', 10],
    ]),
    requests: { Fetch: 9, EndTxn: 2 },
    commits: 5,
    statements: 8,
  };

  it('counts what came meanwhile, also of what was not there before', () => {
    expect(between(start, end)).toEqual({
      seconds: 2,
      cpuSeconds: { kafka: 0.5, gateway: 0.25, 'everything else': 4 },
      contextSwitches: 60,
      requests: { Fetch: 2, EndTxn: 2 },
      commits: 2,
      statements: null,
    });
  });

  it('leaves out what is not ours', () => {
    expect(stackCpuSeconds(between(start, end))).toBe(0.75);
  });
});
