// Keeps just enough books for the responder to settle each operation as the real accounts would, without fees and rates.
import { nextState, payableAccountId, walletAccountId } from '@paystream/payments';
import type { FailureCode, PaymentEvent, PaymentStatus } from '@paystream/payments';
import type { AccountState, PaymentRequested, PaymentTotals } from '@paystream/topics';

interface Balance {
  posted: bigint;
  held: bigint;
  version: bigint;
}

interface Payment {
  status: PaymentStatus;
  authorized: bigint;
  captured: bigint;
  refunded: bigint;
  expiresAt: bigint;
}

/** What an operation did, as the event tells it. */
export interface Answer {
  failure: FailureCode | null;
  paymentStatus: string | null;
  totals: PaymentTotals | null;
  balances: AccountState[];
}

interface Move {
  kind: 'wallet' | 'payable';
  ownerId: string;
  posted: bigint;
  held?: bigint;
}

export function createBooks() {
  const balances = new Map<string, Balance>();
  const payments = new Map<string, Payment>();

  const move = ({ environment, currency, merchantId }: PaymentRequested, moves: readonly Move[]): Answer => {
    const name = ({ kind, ownerId }: Move) =>
      (kind === 'wallet' ? walletAccountId : payableAccountId)(environment, ownerId, currency ?? '');
    const before = (each: Move) => balances.get(name(each)) ?? { posted: 0n, held: 0n, version: 0n };
    const after = (each: Move) => {
      const { posted, held, version } = before(each);
      return { posted: posted + each.posted, held: held + (each.held ?? 0n), version: version + 1n };
    };
    const isShort = moves.some((each) => after(each).posted - after(each).held < 0n && each.posted <= 0n);
    const states = moves.map((each): AccountState => {
      const { posted, held, version } = isShort ? before(each) : after(each);
      if (!isShort) balances.set(name(each), { posted, held, version });
      return {
        ...{ accountId: name(each), kind: each.kind, ownerId: each.ownerId, currency: currency ?? '' },
        postedChangeMinor: isShort ? 0n : each.posted,
        heldChangeMinor: isShort ? 0n : (each.held ?? 0n),
        ...{ postedMinor: posted, heldMinor: held, version, changed: !isShort },
        counterpartyId: each.kind === 'wallet' ? merchantId : null,
        ...{ status: 'open', overdraftMinor: 0n },
      };
    });
    return { failure: isShort ? 'insufficient_funds' : null, paymentStatus: null, totals: null, balances: states };
  };

  const decline = (failure: FailureCode): Answer => ({ failure, paymentStatus: null, totals: null, balances: [] });

  const follow = (
    request: PaymentRequested,
    event: PaymentEvent,
    change: Partial<Payment>,
    moves: readonly Move[],
    refusal: FailureCode,
  ): Answer => {
    const payment = payments.get(request.paymentId);
    const step = nextState(payment?.status ?? null, event);
    if (payment === undefined || !step.ok || step.to === 'outcome_unknown') return decline(refusal);
    const answer = move(request, moves);
    if (answer.failure !== null) return answer;
    const next = { ...payment, ...change, status: step.to };
    payments.set(request.paymentId, next);
    return { ...answer, ...told(next) };
  };

  const begin = (request: PaymentRequested, moves: readonly Move[], payment: Payment): Answer => {
    const answer = move(request, moves);
    if (answer.failure !== null) return answer;
    payments.set(request.paymentId, payment);
    return { ...answer, ...told(payment) };
  };

  const release = (request: PaymentRequested, event: PaymentEvent, customer: string): Answer => {
    const { authorized = 0n, captured = 0n } = payments.get(request.paymentId) ?? {};
    const held = captured - authorized;
    return follow(request, event, {}, [{ kind: 'wallet', ownerId: customer, posted: 0n, held }], 'already_captured');
  };

  return {
    /** A pay-out that failed comes back; one that was paid has left already. */
    endPayOut: (request: PaymentRequested, failed: boolean): AccountState[] => {
      const { customerId, merchantId, amountMinor } = request;
      const purse = customerId === null ? 'payable' : 'wallet';
      const back: Move = { kind: purse, ownerId: customerId ?? merchantId, posted: amountMinor ?? 0n };
      return failed ? move(request, [back]).balances : [];
    },
    decide: (request: PaymentRequested): Answer => {
      const { merchantId, customerId, operation, amountMinor, paymentId } = request;
      const amount = amountMinor ?? 0n;
      const wallet = (posted: bigint, held = 0n): Move => ({ kind: 'wallet', ownerId: customerId ?? '', posted, held });
      const payable = (posted: bigint): Move => ({ kind: 'payable', ownerId: merchantId, posted });
      const { authorized = 0n, captured = 0n, refunded = 0n, expiresAt = 0n } = payments.get(paymentId) ?? {};
      const first = { authorized: amount, captured: 0n, refunded: 0n, expiresAt: request.authorize?.expiresAt ?? 0n };
      switch (operation) {
        case 'top_up':
          return move(request, [wallet(amount)]);
        case 'pay':
          return begin(request, [wallet(-amount), payable(amount)], {
            ...first,
            captured: amount,
            status: 'succeeded',
          });
        case 'authorize':
          return begin(request, [wallet(0n, amount)], { ...first, status: 'authorized' });
        case 'capture': {
          if (captured + amount > authorized) return decline('exceeds_authorized_amount');
          const isLast = request.capture?.final === true || captured + amount === authorized;
          const moves = [wallet(-amount, isLast ? captured - authorized : -amount), payable(amount)];
          const event = isLast ? 'captured_in_full' : 'captured_in_part';
          return follow(request, event, { captured: captured + amount }, moves, 'already_captured');
        }
        case 'cancel':
          return release(request, 'voided', customerId ?? '');
        case 'expire':
          return request.requestedAt < expiresAt
            ? decline('payment_not_capturable')
            : release(request, 'hold_expired', customerId ?? '');
        case 'refund': {
          if (refunded + amount > captured) return decline('refund_exceeds_captured');
          const event = refunded + amount === captured ? 'refunded_in_full' : 'refunded_in_part';
          const moves = [payable(-amount), wallet(amount)];
          return follow(request, event, { refunded: refunded + amount }, moves, 'refund_exceeds_captured');
        }
        case 'transfer': {
          const { legs = [], platformFeeMinor } = request.transfer ?? {};
          const fee = platformFeeMinor ?? 0n;
          const payees = legs.map((leg): Move => ({
            kind: 'wallet',
            ownerId: leg.payeeCustomerId,
            posted: leg.amountMinor,
          }));
          return move(request, [wallet(-amount - fee), ...payees, ...(fee > 0n ? [payable(fee)] : [])]);
        }
        case 'pay_out':
          return move(request, [customerId === null ? payable(-amount) : wallet(-amount)]);
        default:
          return { failure: null, paymentStatus: null, totals: null, balances: [] };
      }
    },
  };
}

function told({ status, authorized, captured, refunded }: Payment): Pick<Answer, 'paymentStatus' | 'totals'> {
  const none = { capturePendingMinor: 0n, refundPendingMinor: 0n, disputedMinor: 0n };
  const totals = { ...none, authorizedMinor: authorized, capturedMinor: captured, refundedMinor: refunded };
  return { paymentStatus: status, totals };
}
