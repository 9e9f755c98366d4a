// Corrects an earlier operation by the lines that an operator gave.

import { isCurrency } from '@paystream/money';
import type { AskedOperation, CorrectionLine } from '../inputs.ts';
import type { Movement } from '../movements.ts';
import type { AccountNames } from './account-names.ts';
import type { Proposal, Scene } from './proposal.ts';
import { decline, succeed, unlawful } from './proposal.ts';

const OWNED = new Set(['wallet', 'payable', 'receivable']);
const HOUSE = new Set([
  'fee_income',
  'fx_position',
  'fx_rounding',
  'suspense',
  'payout_in_transit',
  'disputed',
  'world',
]);
const PROVIDER = /^provider_(?:clearing|pending)\/[^:/]+$/;

export function correct(asked: AskedOperation, { state, names, decidedBefore }: Scene): Proposal {
  const { correction, environment } = asked;
  if (correction === null) return unlawful('it has no terms of a correction');
  if (correction.lines.length === 0) return unlawful('it has no lines');
  const movements: Movement[] = [];
  for (const line of correction.lines) {
    const movement = movementOf(line, environment, names);
    if (typeof movement === 'string') return unlawful(movement);
    movements.push(movement);
  }
  const outcome = decidedBefore?.outcome;
  if (outcome !== 'succeeded' && outcome !== 'manual_review') return decline('ledger_rejected');
  const { ofOperationId } = correction;
  if (state.corrected.has(ofOperationId)) return decline('duplicate');
  return succeed({ movements, corrected: ofOperationId });
}

function movementOf(line: CorrectionLine, environment: string, names: AccountNames): Movement | string {
  const { debitAccountId, creditAccountId, currency, amountMinor } = line;
  const debitAccount = accountOf(debitAccountId, environment, currency, names);
  const creditAccount = accountOf(creditAccountId, environment, currency, names);
  if (debitAccount === null) return `"${debitAccountId}" is no account of ${environment} in ${currency}`;
  if (creditAccount === null) return `"${creditAccountId}" is no account of ${environment} in ${currency}`;
  if (debitAccount === creditAccount) return 'a line moves nothing';
  if (!isCurrency(currency)) return `its currency "${currency}" is not known`;
  if (amountMinor <= 0n) return `a line is ${amountMinor}`;
  return { debitAccount, creditAccount, currency, amountMinor };
}

/** The row that a line means: an owned account as it is named, a house account's of this partition. */
function accountOf(accountId: string, environment: string, currency: string, names: AccountNames): string | null {
  const [its, kind, ...rest] = accountId.split(':');
  if (its !== environment || kind === undefined || rest.at(-1) !== currency) return null;
  if (OWNED.has(kind)) return rest.length === 2 ? accountId : null;
  return rest.length === 1 && (HOUSE.has(kind) || PROVIDER.test(kind)) ? names.house(kind, currency) : null;
}
