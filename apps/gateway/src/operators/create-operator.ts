// Makes an operator with a key.
import type { Database } from '@paystream/database';
import { newId, toUuid } from '@paystream/payments';
import type { Vault } from '@paystream/personal-data';
import { digestOf, newOperatorKey } from '../access/api-keys.ts';
import { insertOperator } from '../store/insert-operator.ts';

export interface NewOperator {
  operatorId: string;
  /** Shown this once; only a keyed hash of it is kept. */
  operatorKey: string;
}

export interface CreateOperatorOptions {
  database: Database;
  vault: Vault;
  name: string;
}

export async function createOperator({ database, vault, name }: CreateOperatorOptions): Promise<NewOperator> {
  const operatorId = newId('op');
  const { key, visiblePart } = newOperatorKey();
  await insertOperator(database, { uuid: toUuid(operatorId), name, visiblePart, digest: digestOf(vault, key) });
  return { operatorId, operatorKey: key };
}
