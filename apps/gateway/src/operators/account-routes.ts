// The routes of commands on accounts, which are operations like any other: freeze, unfreeze, close, limits.
import type { Answer, HttpRequest, Route } from '@paystream/http';
import { CLOSED, defineRoute, HttpError, waitMsOf } from '@paystream/http';
import { HTTP_AMOUNT_MAX } from '@paystream/money';
import type { Operation } from '@paystream/payments';
import { operationIdOf } from '@paystream/payments';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import type { GatewayContext } from '../context.ts';
import { fingerprintOf } from '../idempotency/fingerprint.ts';
import { requiredKey } from '../idempotency/idempotency-key.ts';
import type { Claim } from '../intake/claim.ts';
import { claimOf } from '../intake/claim.ts';
import { OPERATION_HEADERS } from '../payments/operation-routes.ts';
import { traceparentOf } from '../traceparent.ts';
import type { OwnedAccount } from './accounts.ts';
import { findOwnedAccount } from './accounts.ts';
import type { Operator } from './authenticate.ts';
import { OperationObject, showOrder } from './operation-model.ts';
import type { Taken } from './order.ts';
import { commandScope, takeOrder } from './order.ts';
import { checkReason, newReasonId, REASON_FIELDS, recordAction } from './reason.ts';

const CommandBody = Type.Object(REASON_FIELDS, CLOSED);
type CommandBody = Static<typeof CommandBody>;

const Bound = Type.Integer({ minimum: 0, maximum: Number(HTTP_AMOUNT_MAX) });
const LimitsBody = Type.Object(
  {
    ...REASON_FIELDS,
    overdraft: Type.Optional(Bound),
    daily_amount: Type.Optional(Bound),
    daily_count: Type.Optional(Bound),
  },
  { ...CLOSED, description: 'All three are set: one that is not named is taken away' },
);
type LimitsBody = Static<typeof LimitsBody>;

type Command = Extract<Operation, 'freeze' | 'unfreeze' | 'close' | 'limit'>;

const SUMMARIES: Readonly<Record<Exclude<Command, 'limit'>, string>> = {
  freeze: 'Let nothing leave an account',
  unfreeze: 'Let money leave an account again',
  close: 'Close an empty account for ever',
};

export function accountRoutes(context: GatewayContext): Route<Operator>[] {
  const commands = (['freeze', 'unfreeze', 'close'] as const).map((command) =>
    defineRoute({
      ...head(command, SUMMARIES[command]),
      body: CommandBody,
      handle: (request: HttpRequest<Operator, CommandBody>) => order(context, command, request),
    }),
  );
  const limits = defineRoute({
    ...head('limit', 'Set the overdraft and the daily limits of an account'),
    body: LimitsBody,
    handle: (request: HttpRequest<Operator, LimitsBody>) => order(context, 'limit', request),
  });
  return [...commands, limits];
}

const ANSWERS = {
  201: { description: 'The command is final, succeeded or failed', schema: OperationObject },
  202: { description: 'The command is accepted and will become final', schema: OperationObject },
} as const;

function pathOf(accountId: string, command: Command): string {
  return `/v1/accounts/${accountId}/${command === 'limit' ? 'limits' : command}`;
}

function head(command: Command, summary: string) {
  return {
    method: 'POST',
    path: pathOf(':account_id', command),
    summary,
    access: { scope: null },
    headers: OPERATION_HEADERS,
    answers: ANSWERS,
  } as const;
}

async function order(
  context: GatewayContext,
  command: Command,
  request: HttpRequest<Operator, CommandBody | LimitsBody>,
): Promise<Answer> {
  const { principal: operator, body } = request;
  const idempotencyKey = requiredKey(request.header('idempotency-key'));
  checkReason(body);
  const accountId = request.params['account_id'] ?? '';
  const account = await findOwnedAccount(context.database, accountId);
  // What an owner owes us is no account that anybody can spend from.
  if (account === undefined || account.name.kind === 'receivable') throw new HttpError('object_not_found');
  const reasonId = newReasonId();
  const claim: Claim = {
    ...toClaim({ command, accountId, account, body, idempotencyKey, operator, reasonId }),
    traceparent: traceparentOf(request.header('traceparent')),
  };
  const action = { reasonId, operator, action: `account.${command}`, objectId: accountId, reasoned: body };
  const taken = await takeOrder(
    context,
    claim,
    (transaction) => recordAction(transaction, { ...action, result: claim.id }),
    waitMsOf(request.header('prefer')),
  );
  return toAnswer(taken);
}

interface CommandFacts {
  command: Command;
  accountId: string;
  account: OwnedAccount;
  body: CommandBody | LimitsBody;
  idempotencyKey: string;
  operator: Operator;
  reasonId: string;
}

function toClaim({ command, accountId, account, body, idempotencyKey, operator, reasonId }: CommandFacts): Claim {
  const { asker, customerId } = account;
  // The words rest with the action alone.
  const { reason: _, ...open }: Partial<LimitsBody> = body;
  const { overdraft, daily_amount, daily_count } = open;
  return {
    ...claimOf({
      id: operationIdOf(command, commandScope(asker, idempotencyKey)),
      operation: command,
      asker,
      body: { account: accountId, ...open },
      fingerprint: fingerprintOf('POST', pathOf(accountId, command), body),
    }),
    customerId,
    terms: {
      account: {
        accountId,
        overdraftMinor: bigintOf(overdraft),
        dailyAmountMinor: bigintOf(daily_amount),
        dailyCount: bigintOf(daily_count),
      },
      operator: { operatorId: operator.operatorId, approverId: null, reasonCode: body.reason_code, reasonId },
    },
  };
}

function bigintOf(value: number | undefined): bigint | null {
  return value === undefined ? null : BigInt(value);
}

function toAnswer({ order, replayed }: Taken): Answer {
  const headers = { location: `/v1/operations/${order.id}` };
  return {
    status: order.status === null ? 202 : 201,
    value: showOrder(order),
    headers: replayed ? { ...headers, 'idempotent-replayed': 'true' } : headers,
  };
}
