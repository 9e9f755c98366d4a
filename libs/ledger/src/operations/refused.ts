// Decides what was refused before it came here: nothing is posted, and the operation settles as failed for that reason.
import type { Reading } from '../instruction.ts';
import { illegal, legal, needsPaymentOf } from '../instruction.ts';
import type { OperationFailure, ProcessedOperation } from '../processed-operation.ts';
import { declined } from '../verdict.ts';

/** Codes are stored and shown; one that a newer writer knows and we do not is taken as it is, as long as it is a code. */
const CODE = /^[a-z][a-z0-9_]{0,63}$/;

/** Whether there is a failure, and a code by which it can be stored and shown. */
export function hasCode(failure: OperationFailure | null): failure is OperationFailure {
  return failure !== null && CODE.test(failure.code);
}

/** A record of kind `refused`, whatever its operation. */
export function readRefused(asked: ProcessedOperation): Reading {
  const { failure } = asked;
  if (!hasCode(failure)) return illegal('it was refused without a code');
  return legal({
    asked,
    needs: needsPaymentOf(asked),
    opens: null,
    accountsOf: () => [],
    decide: () => ({ ...declined('ledger_rejected'), failure }),
  });
}
