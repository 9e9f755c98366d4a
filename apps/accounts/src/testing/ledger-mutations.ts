// Lists ways to break the fold, each of which the proof has to notice.

export interface Mutation {
  readonly name: string;
  /** Within the ledger's `src`. */
  readonly file: string;
  /** Occurs once in the file. */
  readonly find: string;
  readonly replace: string;
}

export const mutations: readonly Mutation[] = [
  mutation(
    'a fee goes to the merchant',
    'take.ts',
    'moveEitherWay(source, feeIncome,',
    'moveEitherWay(source, payable,',
  ),
  mutation('the merchant gets the gross amount', 'take.ts', '- fromMinor - merchantFeesMinor', '- fromMinor'),
  mutation(
    'the markup is not taken',
    'take.ts',
    '...moveEitherWay(wallet, to.markupIncome, currency, markupMinor)',
    '',
  ),
  mutation(
    'rounding stays with the position',
    'take.ts',
    '...move(wallet, to.rounding, currency, roundingMinor),',
    '...move(wallet, to.walletPosition, currency, roundingMinor),',
  ),
  mutation(
    'a hold forgets the fees the customer bears',
    'customer-money.ts',
    "bearer === 'customer' ? sum + (feeMinors[line] ?? 0n) : sum",
    'bearer === "" ? sum + (feeMinors[line] ?? 0n) : sum',
  ),
  mutation(
    'a last capture releases only its own part',
    'operations/capture.ts',
    'isLast ? heldFor(payment) : costMinor',
    'costMinor',
  ),
  mutation(
    'more than was authorized may be captured',
    'operations/capture.ts',
    'capturedMinor > payment.authorizedMinor',
    'capturedMinor > payment.authorizedMinor * 2n',
  ),
  mutation(
    'a hold expires before its time',
    'operations/capture.ts',
    'isExpiry && !isDue',
    'isExpiry && payment.expiresAt === null',
  ),
  mutation(
    'refunds are not added up',
    'operations/refund.ts',
    'const refundedMinor = payment.refundedMinor + amount.amountMinor;',
    'const refundedMinor = amount.amountMinor;',
  ),
  mutation(
    'a fee comes back whole with every refund',
    'operations/refund.ts',
    'feesBackAt(payment, payment.refundedMinor),',
    'feesBackAt(payment, 0n),',
  ),
  mutation(
    'a disputed payment can be refunded',
    'operations/refund.ts',
    "if (status === 'disputed' || status === 'charged_back') return",
    "if (status === 'charged_back') return",
  ),
  mutation(
    'a refund gives back by the sum asked, not the sum so far',
    'give-back.ts',
    'const totalMinor = after.totalMinor - before.totalMinor;',
    'const totalMinor = after.totalMinor;',
  ),
  mutation(
    'a transfer forgets its last payee',
    'operations/transfer.ts',
    '...legs.flatMap(({ payee, amountMinor })',
    '...legs.slice(0, 1).flatMap(({ payee, amountMinor })',
  ),
  mutation('a pay-out leaves the debt unpaid', 'operations/pay-out.ts', 'owedOn(books.account(receivable))', '0n'),
  mutation(
    'a failed pay-out keeps its fee',
    'operations/pay-out.ts',
    '...fees.flatMap((fee) => move(feeIncome, target, currency, fee.amountMinor)),',
    '',
  ),
  mutation(
    'a pay-out that failed goes back to a frozen purse',
    'operations/pay-out.ts',
    'const isOpen = canReceive(books.account(purse));',
    'const isOpen = true;',
  ),
  mutation(
    'a report of another amount ends a pay-out',
    'operations/pay-out.ts',
    'return own !== undefined && isOf(own, amount) ? own : undefined;',
    'return own;',
  ),
  mutation(
    'a report that says once more what is known is posted again',
    'operations/pay-out.ts',
    "if (payOut?.status === (isPaid ? 'paid' : 'failed')) return happened();",
    '',
  ),
  mutation(
    'a pay-out is ended twice',
    'operations/pay-out.ts',
    "if (payOut?.status === 'in_transit') {",
    'if (payOut !== undefined) {',
  ),
  mutation(
    'a dispute takes what the merchant has not',
    'operations/dispute-opened.ts',
    'const fromPayableMinor = availableMinor < needMinor ? availableMinor : needMinor;',
    'const fromPayableMinor = needMinor;',
  ),
  mutation(
    'a won dispute leaves the debt',
    'operations/dispute-closed.ts',
    'fromReceivableMinor < owedMinor ? fromReceivableMinor : owedMinor',
    '0n',
  ),
  mutation(
    'a lost dispute can be refunded again',
    'operations/dispute-closed.ts',
    'lostMinor: payment.lostMinor + amountMinor',
    'lostMinor: payment.lostMinor',
  ),
  mutation(
    'an operation can be corrected twice',
    'operations/correct.ts',
    'return books.isCorrected(ofOperationId)',
    "return books.isCorrected('')",
  ),
  mutation(
    'what failed can be corrected',
    'operations/correct.ts',
    "outcome !== 'succeeded' && outcome !== 'manual_review'",
    'outcome === undefined',
  ),
  mutation(
    'a frozen account gives',
    'obstacles.ts',
    "before.status === 'frozen' && isDebit",
    "before.status === 'frozen' && !isDebit",
  ),
  mutation(
    'what is held can be spent',
    'obstacles.ts',
    'const spendableAfter = spendableOf(after);',
    'const spendableAfter = after.postedMinor;',
  ),
  mutation(
    'the overdraft does not count',
    'obstacles.ts',
    'spendableAfter + after.overdraftMinor < 0n',
    'spendableAfter < 0n',
  ),
  mutation('a count a day allows one more', 'limits.ts', 'spentCount > dailyCount', 'spentCount > dailyCount + 1n'),
  mutation(
    'velocity forgets this batch',
    'open-books.ts',
    'spendsSoFar.get(subject) ?? state.spends.get(subject) ?? [],',
    'state.spends.get(subject) ?? [],',
  ),
  mutation('a version is left out', 'apply-verdict.ts', 'version: before.version + 1n', 'version: before.version + 2n'),
  mutation(
    'the second record of an operation counts, too',
    'fold-batch.ts',
    "if (decided.has(key)) return { kind: 'duplicate' };",
    '',
  ),
];

function mutation(name: string, file: string, find: string, replace: string): Mutation {
  return { name, file, find, replace };
}
