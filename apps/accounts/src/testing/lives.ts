// Makes the lives of some customers with every operation in them, so that crashes and races meet all of them.
import { randomId } from '@paystream/testkit';
import type { PaymentProcessed } from '@paystream/topics';
import { aTopUp } from './events.ts';
import { aCancel, aCapture, aFact, anAuthorize, aPayOut, aRefund, aTransfer } from './operations.ts';

export interface LivesShape {
  customers: number;
  merchantId: string;
}

/**
 * Customers who each bring 20.00 and spend it in every way at one merchant, who pays himself out meanwhile. Whether he has
 * enough for a refund or a dispute at that moment depends on who comes first; that the books are right does not.
 */
export function someLives({ customers, merchantId }: LivesShape): PaymentProcessed[] {
  const customerIds = Array.from({ length: customers }, () => randomId('cus'));
  return customerIds.flatMap((customerId, at) => {
    const own = { customerId, merchantId };
    const authorize = anAuthorize({ ...own, amountMinor: 8_00n });
    const disputed = anAuthorize({ ...own, amountMinor: 3_00n });
    const canceled = anAuthorize({ ...own, amountMinor: 1_00n });
    const payOut = aPayOut({ ...own, amountMinor: 2_00n });
    const dispute = { disputeId: randomId('dp'), feeMinor: 50n };
    const payeeCustomerId = customerIds[(at + 1) % customerIds.length] ?? customerId;
    return [
      aTopUp({ ...own, amountMinor: 20_00n }),
      authorize,
      aCapture(authorize, { amountMinor: 2_00n }),
      disputed,
      aCapture(disputed),
      aCapture(authorize, { amountMinor: 4_00n, final: true }),
      aFact(disputed, { type: 'dispute_opened', ...dispute }),
      aRefund(authorize, { amountMinor: 3_00n }),
      payOut,
      canceled,
      aTransfer([{ payeeCustomerId, amountMinor: 1_00n }], own),
      aFact(payOut, { type: 'pay_out_paid' }),
      aCancel(canceled),
      aFact(disputed, { type: 'dispute_won', ...dispute }),
      // In the merchant's own partition.
      aPayOut({ customerId: null, merchantId, amountMinor: 1_00n }),
    ];
  });
}
