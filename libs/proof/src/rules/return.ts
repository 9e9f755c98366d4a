// Takes a pay-out back that came to its bank and was returned.

import type { AskedOperation } from '../inputs.ts';
import { move } from '../movements.ts';
import type { Proposal, Scene } from './proposal.ts';
import { review, succeed, unlawful } from './proposal.ts';

export function payOutReturned({ fact }: AskedOperation, { payment, names, state }: Scene): Proposal {
  if (fact === null) return unlawful('it says of no fact');
  if (fact.type !== 'pay_out_returned') return unlawful(`its fact "${fact.type}" is not known`);
  const { amountMinor, currency } = fact;
  if (payment?.status === 'paid' && payment.terms.purse !== null) {
    const { terms } = payment;
    const isAsPaid = amountMinor === terms.amountMinor && currency === terms.currency;
    if (isAsPaid && state.balances.of(payment.terms.purse).status === 'open') {
      return succeed({
        movements: move(names.house('world', terms.currency), payment.terms.purse, terms.currency, terms.amountMinor),
        payment: { ...payment, status: 'returned' },
      });
    }
  }
  if (amountMinor === null || currency === null) return review({});
  return review({
    movements: move(names.house('world', currency), names.house('suspense', currency), currency, amountMinor),
  });
}
