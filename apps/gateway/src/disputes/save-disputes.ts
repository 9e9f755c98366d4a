// Keeps disputes as they are settled, in the transaction of the status consumer.
import type { Transaction } from '@paystream/database';
import type { PaymentSettled } from '@paystream/topics';
import { lockDisputes } from '../store/lock-disputes.ts';
import { upsertDisputes } from '../store/upsert-disputes.ts';
import { disputeFacts, foldDisputes } from './fold-disputes.ts';

export async function saveDisputes(settled: readonly PaymentSettled[], transaction: Transaction): Promise<void> {
  const facts = disputeFacts(settled);
  if (facts.length === 0) return;
  const known = await lockDisputes(transaction, [...new Set(facts.map(({ uuid }) => uuid))]);
  await upsertDisputes(transaction, foldDisputes(facts, known));
}
