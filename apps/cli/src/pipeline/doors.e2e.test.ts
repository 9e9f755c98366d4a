/** Sends legal and nearly legal bodies of every operation to the running system: each is refused at the door, or ends. */

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { waitFor } from '@paystream/runtime';
import { describeDifference } from '@paystream/proof';
import { createTestMessaging } from '@paystream/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProof } from '../prove/run-proof.ts';
import type { Merchant } from './testing/merchant.ts';
import { createMerchant } from './testing/merchant.ts';
import type { Pipeline } from './testing/start-pipeline.ts';
import { startPipeline } from './testing/start-pipeline.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const BODIES = 400;
const AMOUNT_MAX = 2 ** 53 - 1;
const DAY_MS = 86_400_000;

let pipeline: Pipeline;
let merchant: Merchant;
let operator: Merchant;

beforeAll(async () => {
  pipeline = await startPipeline({ instances: 1, partitions: 2 });
  const stack = await pipeline.stack();
  merchant = createMerchant(stack.gateway_url, stack.api_key);
  const env = { ...process.env, ...pipeline.environment };
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'operator', 'add', 'Olga', '--json'], { env });
  operator = createMerchant(stack.operator_url, (JSON.parse(stdout) as { operator_key: string }).operator_key);
});

afterAll(async () => {
  await pipeline?.close();
});

/** What there is to ask about. */
interface Known {
  readonly customers: readonly [string, string];
  readonly payments: readonly string[];
  readonly payOut: string;
  readonly merchantId: string;
}

/** A request, made when it is sent: instants are near the clock's. */
interface Ask {
  readonly by: 'merchant' | 'operator';
  readonly path: string;
  readonly body: () => object;
}

/** Mostly legal, each: a body of many fields would hardly ever be let in otherwise. */
const mostly = <T>(legal: readonly T[], edges: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...legal) }, { weight: 1, arbitrary: fc.constantFrom(...edges) });

const anAmount = mostly([1, 7, 100, 999, AMOUNT_MAX], [AMOUNT_MAX + 1, 0, -1]);
const aCurrency = mostly(['USD', 'USD', 'EUR', 'JPY'], ['XAU', 'ZZZ', 'usd']);
const aCode = mostly(['a', 'requested_by_customer', 'x'.repeat(64)], ['x'.repeat(65), 'A.b-1', 'é', '']);
const anInstant = fc
  .constantFrom(-1, 0, 0.001, 1, 1.5, 2, 5, 30 * DAY_MS - 5, 30 * DAY_MS, 30 * DAY_MS + 5)
  .map((aheadMs) => () => iso(Date.now() + aheadMs));
const aDate = fc.oneof(
  anInstant,
  fc
    .constantFrom('1969-12-31T23:59:59Z', '1970-01-01T00:00:00Z', '9999-12-31T23:59:59.999999Z')
    .map((text) => () => text),
);

function iso(ms: number): string {
  const micros = Math.round((ms % 1) * 1_000);
  return `${new Date(Math.floor(ms)).toISOString().slice(0, -1)}${`${micros}`.padStart(3, '0').slice(-3)}Z`;
}

/** Of each operation a body whose every field may be at the edge of what is legal. */
function anAsk({ customers: [payer, payee], payments, payOut, merchantId }: Known): fc.Arbitrary<Ask> {
  const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
  const merchants = (path: string, body: fc.Arbitrary<object>): fc.Arbitrary<Ask> =>
    body.map((each) => ({ by: 'merchant', path, body: () => each }));
  const aPayment = fc.constantFrom(...payments);
  const aPayee = fc.record({
    customer: mostly([payee], [payer]),
    amount: anAmount,
    purpose: optional(aCode),
  });
  const anAccount = mostly(
    [`test:wallet:${payer}:USD`, `test:payable:${merchantId}:USD`, 'test:suspense:USD', 'test:fee_income:USD'],
    [
      ...[`test:payable:${merchantId}:ZZZ`, 'test:provider_clearing/sandbox:USD', 'test:world:EUR'],
      ...['test:provider_clearing/Ac me:USD', 'test:provider_clearing/\u0000:USD'],
    ],
  );
  const aReason = { reason_code: fc.constantFrom('mistake', 'x'.repeat(64)), reason: fc.constant('as asked') };
  return fc.oneof(
    fc
      .record({
        amount: anAmount,
        currency: aCurrency,
        customer: fc.constant(payer),
        capture_method: fc.constantFrom('manual', 'manual', 'automatic', undefined),
        capture_before: optional(anInstant),
        source_currency: optional(aCurrency),
      })
      .map(({ capture_before, ...body }) => ({
        ...{ by: 'merchant' as const, path: '/v1/payments' },
        body: () => ({ ...body, capture_before: capture_before?.() }),
      })),
    merchants('/v1/top_ups', fc.record({ amount: anAmount, currency: aCurrency, customer: fc.constant(payer) })),
    merchants(
      '/v1/transfers',
      fc.record({
        ...{ customer: fc.constant(payer), currency: aCurrency, purpose: mostly(['loan', 'other'], ['fun']) },
        payees: fc.array(aPayee, { minLength: 0, maxLength: 3 }),
        platform_fee: optional(anAmount),
        related: optional(aPayment),
      }),
    ),
    merchants(
      '/v1/payouts',
      fc.record({ amount: anAmount, currency: aCurrency, customer: optional(fc.constant(payer)) }),
    ),
    fc.tuple(aPayment, fc.record({ amount: optional(anAmount), final: optional(fc.boolean()) })).map(([id, body]) => ({
      ...{ by: 'merchant' as const, path: `/v1/payments/${id}/capture` },
      body: () => body,
    })),
    fc.tuple(aPayment, fc.record({ reason: optional(aCode) })).map(([id, body]) => ({
      ...{ by: 'merchant' as const, path: `/v1/payments/${id}/cancel` },
      body: () => body,
    })),
    fc
      .tuple(
        aPayment,
        fc.record({
          amount: optional(anAmount),
          reason: optional(aCode),
          merchant_refund_id: optional(aCode),
          rate: optional(fc.constantFrom('original', 'current')),
        }),
      )
      .map(([id, body]) => ({
        ...{ by: 'merchant' as const, path: `/v1/payments/${id}/refunds` },
        body: () => body,
      })),
    fc
      .record({
        ...{ id: fc.uuid(), type: fc.constantFrom('dispute_opened', 'dispute_won', 'dispute_lost') },
        ...{ payment: aPayment, dispute: mostly(['d1', 'd2'], ['é']), amount: optional(anAmount) },
        ...{ currency: optional(aCurrency), fee: optional(anAmount), reason: optional(aCode), code: optional(aCode) },
        due_by: optional(aDate),
      })
      .map(({ due_by, ...body }) => ({
        ...{ by: 'merchant' as const, path: '/v1/sandbox/provider_events' },
        body: () => ({ ...body, due_by: due_by?.() }),
      })),
    merchants(
      '/v1/sandbox/provider_events',
      fc.record({
        ...{ id: fc.uuid(), type: fc.constantFrom('pay_out_paid', 'pay_out_failed', 'pay_out_returned') },
        ...{ payout: fc.constant(payOut), amount: optional(anAmount), currency: optional(aCurrency) },
        code: optional(aCode),
      }),
    ),
    fc
      .record({
        ...aReason,
        ...{ overdraft: optional(anAmount), daily_amount: optional(anAmount), daily_count: optional(anAmount) },
        account: anAccount,
      })
      .map(({ account, ...body }) => ({
        ...{ by: 'operator' as const, path: `/v1/accounts/${encodeURIComponent(account)}/limits` },
        body: () => body,
      })),
    fc
      .record({
        ...aReason,
        of_operation: aPayment,
        lines: fc.array(fc.record({ debit: anAccount, credit: anAccount, currency: aCurrency, amount: anAmount }), {
          maxLength: 2,
        }),
      })
      .map((body) => ({ by: 'operator' as const, path: '/v1/corrections', body: () => body })),
  );
}

test('whatever is asked for is refused at the door, or final, and nothing becomes a dead letter', async () => {
  const customers = [await merchant.customerWith(5_000), await merchant.customerWith(5_000)] as const;
  const pay = async (terms: object): Promise<string> => {
    const body = { amount: 500, currency: 'USD', customer: customers[0], ...terms };
    return (await merchant.post('/v1/payments', body, { prefer: 'wait=30' })).body.id ?? '';
  };
  const payments = [await pay({}), await pay({ capture_method: 'manual' }), await pay({ capture_method: 'manual' })];
  const payOut = (await merchant.post('/v1/payouts', { amount: 100, currency: 'USD' }, { prefer: 'wait=30' })).body.id;
  const { body: shown } = await operator.get(`/v1/operations/${payments[0]}`);
  const { merchant: merchantId } = shown as { merchant: string }; // as the OpenAPI document promises

  const asks = fc.sample(anAsk({ customers, payments, payOut: payOut ?? '', merchantId }), BODIES);
  const accepted: string[] = [];
  const refusals = new Map<number, number>();
  for (const { by, path, body } of asks) {
    const { status, body: answer, text } = await (by === 'merchant' ? merchant : operator).post(path, body());
    expect(status, `${path} ${JSON.stringify(body())}: ${text}`).toBeLessThan(500);
    if (status >= 400) refusals.set(status, (refusals.get(status) ?? 0) + 1);
    else if (!path.includes('sandbox') && answer.id !== undefined) accepted.push(answer.id);
  }
  // Neither all nor nothing: else it would show no more than a door that is shut.
  expect(accepted.length).toBeGreaterThan(BODIES / 10);
  expect([...refusals.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(BODIES / 10);

  const open = new Set(accepted);
  const isOver = async (): Promise<boolean> => {
    for (const id of open) {
      const { status, body } = await operator.get(`/v1/operations/${id}`);
      // A correction that waits for another person is no operation yet; a pay-out on its way waits for its provider.
      const isWaiting = id.startsWith('cor_') ? status === 404 : id.startsWith('po_') && (await isInTransit(id));
      if (isWaiting || body.status !== 'requested') open.delete(id);
    }
    return open.size === 0;
  };
  await waitFor(isOver, { what: 'every accepted operation to be final', deadlineMs: 60_000 }).catch(() => undefined);
  expect([...open]).toEqual([]);
  expect(await deadLetters()).toEqual([]);
  const proof = await runProof(await pipeline.stack());
  expect(proof.differences.map(describeDifference)).toEqual([]);
});

async function isInTransit(id: string): Promise<boolean> {
  return (await merchant.get(`/v1/payouts/${id}`)).body.status === 'in_transit';
}

/** Where any reader of the payment topics has put a record aside. */
async function deadLetters(): Promise<string[]> {
  const { messaging, close } = await createTestMessaging({
    topicPrefix: pipeline.environment['KAFKA_TOPIC_PREFIX'] ?? '',
  });
  const topics = [
    ...['payment.requested.processor.dlq', 'provider.event.processor-provider-events.dlq'],
    ...['payment.processed.accounts.dlq', 'payment.settled.gateway.dlq', 'customer.notification.notifier.dlq'],
  ];
  const found: string[] = [];
  for (const topic of topics) {
    const records = (await messaging.admin.endOffsets(topic)).reduce((sum, end) => sum + end, 0n);
    if (records > 0n) found.push(`${topic}: ${records}`);
  }
  await close();
  return found;
}
