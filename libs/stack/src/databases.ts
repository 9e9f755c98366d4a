/** Gives every app a database and a role of its own on the local server, and nobody else a way in. */

import { createDatabase } from '@paystream/database';
import type { Database } from '@paystream/database';
import { createLogger } from '@paystream/telemetry';
import type { DatabaseRole, Secrets } from './secrets.ts';
import type { StackDatabases } from './stack-file.ts';

/** Databases that belong to the role of the same name. */
const OWNERS = ['registry', 'gateway', 'accounts', 'notifier'] as const;
/** The gateway's migration grants this group its view of contacts; the notifier's read-only role is a member. */
export const CONTACTS_GROUP = 'paystream_contacts';

/** Creates what is missing and sets the passwords; safe to repeat. */
export async function prepareDatabases({ adminUrl, secrets }: { adminUrl: string; secrets: Secrets }): Promise<void> {
  const logger = createLogger({ name: 'stack', level: 'error' });
  const admin = createDatabase({ url: adminUrl, name: 'stack', logger, poolSizeMax: 1 });
  try {
    const roles = await existing(admin, 'select rolname as name from pg_roles');
    const databases = await existing(admin, 'select datname as name from pg_database');
    if (!roles.has(CONTACTS_GROUP)) await admin.query({ text: `create role ${CONTACTS_GROUP} nologin` });
    for (const role of [...OWNERS, 'contacts'] as const) {
      const verb = roles.has(role) ? 'alter' : 'create';
      await admin.query({ text: `${verb} role ${role} login password '${secrets.passwords[role]}'` });
    }
    for (const name of OWNERS) {
      if (databases.has(name)) continue;
      await admin.query({ text: `create database ${name} owner ${name}` });
      await admin.query({ text: `revoke all on database ${name} from public` });
    }
    await admin.query({ text: `grant connect on database gateway to ${CONTACTS_GROUP}` });
    await admin.query({ text: `grant ${CONTACTS_GROUP} to contacts` });
  } finally {
    await admin.close();
  }
}

/** Connection URL of each app's database on the local server; `contacts` leads into the gateway's. */
export function databaseUrls({ port, secrets }: { port: number; secrets: Secrets }): StackDatabases {
  const url = (role: DatabaseRole, database: string): string => roleUrl({ port, secrets, role, database });
  return {
    gateway: url('gateway', 'gateway'),
    accounts: url('accounts', 'accounts'),
    notifier: url('notifier', 'notifier'),
    contacts: url('contacts', 'gateway'),
  };
}

export function registryDatabaseUrl({ port, secrets }: { port: number; secrets: Secrets }): string {
  return roleUrl({ port, secrets, role: 'registry', database: 'registry' });
}

interface RoleUrlOptions {
  readonly port: number;
  readonly secrets: Secrets;
  readonly role: DatabaseRole;
  readonly database: string;
}

function roleUrl({ port, secrets, role, database }: RoleUrlOptions): string {
  return `postgres://${role}:${secrets.passwords[role]}@127.0.0.1:${port}/${database}`;
}

async function existing(admin: Database, text: string): Promise<ReadonlySet<string>> {
  return new Set((await admin.query<{ name: string }>({ text })).map(({ name }) => name));
}
