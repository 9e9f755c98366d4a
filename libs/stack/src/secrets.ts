/** Owns the passwords and keys of a local stack: made once, kept beside its data where only their owner may read. */

import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const DATABASE_ROLES = ['admin', 'registry', 'gateway', 'accounts', 'notifier', 'contacts'] as const;
export type DatabaseRole = (typeof DATABASE_ROLES)[number];

export interface Secrets {
  /** Names this set of data; data found elsewhere under another name belongs to a stack that is gone. */
  readonly instance: string;
  readonly passwords: Readonly<Record<DatabaseRole, string>>;
  /** Base64 of 32 bytes: the key over the customers' keys. */
  readonly personalDataKey: string;
}

const FILE_NAME = 'secrets.json';
const PASSWORD_BYTES = 24;
const KEY_BYTES = 32;
const INSTANCE_BYTES = 8;

/** The folder's secrets; makes them at the first call. */
export function readSecrets(folder: string): Secrets {
  const path = join(folder, FILE_NAME);
  try {
    // Written below, in one piece.
    return JSON.parse(readFileSync(path, 'utf8')) as Secrets;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const secrets = newSecrets();
  writeFileSync(path, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return secrets;
}

function newSecrets(): Secrets {
  const password = (): string => randomBytes(PASSWORD_BYTES).toString('hex');
  return {
    instance: randomBytes(INSTANCE_BYTES).toString('hex'),
    passwords: {
      admin: password(),
      registry: password(),
      gateway: password(),
      accounts: password(),
      notifier: password(),
      contacts: password(),
    },
    personalDataKey: randomBytes(KEY_BYTES).toString('base64'),
  };
}
