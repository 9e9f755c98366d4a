// Says that a stranger can read our topics: Confluent's Python client decodes what our producer wrote, header by header.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestMessaging } from '@paystream/testkit';
import { aPaymentSettled, createTestMessaging, testServices } from '@paystream/testkit';
import type { PythonEnvironment } from './testing/python-environment.ts';
import { pythonEnvironment, run } from './testing/python-environment.ts';

const SETUP_TIMEOUT_MS = 300_000;
const SUBSCRIBE_TIMEOUT_MS = 60_000;
const PROGRAM = fileURLToPath(new URL('subscribe.py', import.meta.url));

let environment: PythonEnvironment;
let kafka: TestMessaging;

beforeAll(async () => {
  environment = await pythonEnvironment();
  kafka = await createTestMessaging({ partitions: 1 });
}, SETUP_TIMEOUT_MS);

afterAll(() => kafka.close());

test(
  'a Python client decodes money beyond 2^53, times to the microsecond, nested records and headers',
  async ({ skip }) => {
    if (!environment.ready) {
      process.stderr.write(`NOT RUN: the foreign subscriber. Reason: ${environment.reason}.\n`);
      return skip(environment.reason);
    }
    const settled = aPaymentSettled({
      amountMinor: 2n ** 62n - 1n,
      settledAt: 1_788_256_800_123_456n,
      fees: [aFee()],
      balances: [],
    });
    await publish(settled.operationId, kafka.messaging.codec.encode('payment.settled', settled));

    const services = testServices();
    const { failed, output } = await run(
      environment.python,
      [PROGRAM, '--brokers', services.kafkaBrokers, '--registry', services.schemaRegistryUrl].concat([
        '--topic',
        `${kafka.topicPrefix}payment.settled`,
        '--count',
        '1',
      ]),
      SUBSCRIBE_TIMEOUT_MS,
    );
    expect({ failed, output }).toMatchObject({ failed: false });
    expect(output).toContain('"amountMinor": 4611686018427387903');
    expect(JSON.parse(output)).toMatchObject({
      key: settled.operationId,
      headers: { ce_type: 'payment.settled', environment: 'test' },
      value: {
        operationId: settled.operationId,
        customerId: settled.customerId,
        currency: 'USD',
        status: 'succeeded',
        settledAt: '2026-09-01T10:00:00.123456+00:00',
        failure: null,
        fees: [{ ruleId: 'standard', percentBps: 290, amountMinor: 62, minMinor: null }],
        balances: [],
      },
    });
  },
  SUBSCRIBE_TIMEOUT_MS,
);

async function publish(key: string, value: Buffer): Promise<void> {
  const publisher = kafka.messaging.createPublisher();
  try {
    const headers = { ce_type: 'payment.settled', environment: 'test' };
    await publisher.publish([{ topic: 'payment.settled', partition: null, key: Buffer.from(key), value, headers }]);
  } finally {
    await publisher.close();
  }
}

function aFee(): ReturnType<typeof aPaymentSettled>['fees'][number] {
  return {
    ruleId: 'standard',
    ruleVersion: 1n,
    kind: 'processing',
    bearer: 'merchant',
    baseMinor: 1_099n,
    percentBps: 290,
    fixedMinor: 30n,
    minMinor: null,
    maxMinor: null,
    refundPolicy: 'keep',
    tier: null,
    amountMinor: 62n,
    currency: 'USD',
  };
}
