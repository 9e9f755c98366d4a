// Decides whether a record can be an instruction to the books at all; what passes here cannot make the fold throw.
import type { Operation } from '@paystream/payments';
import { isAnyId, isEnvironment, isId, isOperation, operationPrefixes, prefixes } from '@paystream/payments';
import type { Reading } from './instruction.ts';
import { illegal } from './instruction.ts';
import { readAccountCommand } from './operations/account-command.ts';
import { readCapture, readEndOfHold } from './operations/capture.ts';
import { readCorrection } from './operations/correct.ts';
import { readDispute } from './operations/dispute.ts';
import { readPayOut, readReport, readReturn } from './operations/pay-out.ts';
import { readAuthorize, readPay } from './operations/pay.ts';
import { readRefund } from './operations/refund.ts';
import { readRefused } from './operations/refused.ts';
import { readTopUp } from './operations/top-up.ts';
import { readTransfer } from './operations/transfer.ts';
import type { ProcessedOperation } from './processed-operation.ts';

/** The rules this fold has. A change of what money does is a new version beside the old one, never an edit. */
const RULES_VERSION = 1;

type Reader = (asked: ProcessedOperation, partition: number) => Reading;
type Readers = Partial<Record<Operation, Reader>>;

/** How each operation is read when the processor has priced it. A new operation is a file and a line here. */
const priced: Readers = {
  pay: readPay,
  authorize: readAuthorize,
  capture: readCapture,
  cancel: readEndOfHold,
  expire: readEndOfHold,
  refund: readRefund,
  transfer: readTransfer,
  top_up: readTopUp,
  pay_out: readPayOut,
  limit: readAccountCommand('limit'),
  freeze: readAccountCommand('freeze'),
  unfreeze: readAccountCommand('unfreeze'),
  close: readAccountCommand('close'),
  correct: readCorrection,
};

/** How what has happened outside is read. */
const facts: Readers = { dispute: readDispute, return: readReturn, report: readReport };

/** Reads a record of an input partition; its house accounts are those of that partition. Never throws. */
export function readOperation(asked: ProcessedOperation, partition: number): Reading {
  const { operation, kind, pass, rulesVersion } = asked;
  if (rulesVersion !== RULES_VERSION) return illegal(`rules version ${rulesVersion} is not known`);
  if (!isOperation(operation)) return illegal('its operation is not known');
  const fault = findFaultyId(asked, operation);
  if (fault !== null) return illegal(fault);
  if (kind === 'refused' && pass === 1) return readRefused(asked);
  const readers = readersOf(kind, pass);
  if (readers === undefined) return illegal(`its kind is not known, or not one of pass ${pass}`);
  const read = readers[operation];
  return read === undefined ? illegal(`${operation} is not known to these rules as ${kind}`) : read(asked, partition);
}

function readersOf(kind: string, pass: number): Readers | undefined {
  if (pass !== 1) return undefined;
  if (kind === 'priced') return priced;
  return kind === 'fact' ? facts : undefined;
}

/** Ids become account ids, keys and rows: one that is not an id could name somebody else's account. */
function findFaultyId(asked: ProcessedOperation, operation: Operation): string | null {
  if (!isEnvironment(asked.environment)) return 'its environment is not known';
  if (!isId(operationPrefixes[operation], asked.operationId)) return `its operation id is not one of ${operation}`;
  if (!isAnyId(asked.paymentId)) return 'its payment id is not an id';
  if (!isId(prefixes.merchant, asked.merchantId)) return 'its merchant id is not an id';
  if (asked.customerId !== null && !isId(prefixes.customer, asked.customerId)) return 'its customer id is not an id';
  return null;
}
