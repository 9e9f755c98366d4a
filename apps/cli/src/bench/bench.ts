// Holds what every part of the benchmark works with: the stack, its customers, connections, and how long parts take.

import type { Database } from '@paystream/database';
import type { Messaging } from '@paystream/messaging';
import { connectDatabase, connectMessaging } from '../connect.ts';
import { CliError } from '../context.ts';
import type { SandboxMerchant } from '../supervisor/stack-state.ts';
import type { CounterSources } from './counters/counters.ts';
import { createDatabaseCounters } from './counters/database-counters.ts';
import type { Target } from './generator/generator-jobs.ts';
import type { Settings } from './settings.ts';
import type { BenchStack } from './stack/bench-stack.ts';
import type { BooksWatch } from './stack/books-watch.ts';
import { watchBooks } from './stack/books-watch.ts';
import { createTarget } from './stack/customers.ts';

const STATEMENT_TIMEOUT_MS = 60_000;

export interface Bench {
  readonly stack: BenchStack;
  readonly settings: Settings;
  /** Aborted by Ctrl-C: long parts look at it between two steps. */
  readonly signal: AbortSignal;
  /** Of a role that may create databases. */
  readonly adminUrl: string;
  readonly messaging: Messaging;
  readonly books: BooksWatch;
  /** Reads process ids anew each time: apps may have been stopped and started. */
  readonly sources: () => CounterSources;
  readonly merchants: readonly SandboxMerchant[];
  readonly uniform: readonly Target[];
  readonly hot: readonly Target[];
  /** Cores that each process takes while nothing is asked of the stack; empty before that was measured. */
  readonly idle: Map<string, number>;
  readonly close: () => Promise<void>;
}

/** Connects to a stack that runs, and makes its merchants and customers. */
export async function openBench(options: Pick<Bench, 'stack' | 'settings' | 'signal'>): Promise<Bench> {
  const { stack, settings } = options;
  const adminUrl = stack.services.postgresAdminUrl;
  if (adminUrl === null) throw new CliError('The benchmark needs a database server of its own.');
  const opened: { close(): Promise<unknown> }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((each) => each.close()));
  };
  const keep = <Opened extends { close(): Promise<unknown> }>(each: Opened): Opened => {
    opened.push(each);
    return each;
  };
  try {
    const messaging = keep(await connectMessaging(stack.addresses));
    const accounts = keep(connectDatabase(stack.addresses.databases.accounts, STATEMENT_TIMEOUT_MS));
    const admin: Database = keep(connectDatabase(adminUrl, STATEMENT_TIMEOUT_MS));
    const database = await createDatabaseCounters(admin);
    const customers = await createCustomers(stack, settings);
    return {
      ...options,
      adminUrl,
      messaging,
      books: watchBooks(accounts, messaging),
      sources: () => ({ pids: stack.pids(), appUrls: stack.appUrls(), database }),
      ...customers,
      idle: new Map(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function createCustomers(stack: BenchStack, { merchants: count, customers }: Settings) {
  const merchants: SandboxMerchant[] = [];
  for (let made = 0; made <= count; made += 1) merchants.push(await stack.createMerchant());
  const [hotMerchant, ...others] = merchants;
  if (hotMerchant === undefined) throw new Error('the benchmark needs a merchant');
  const uniform: Target[] = [];
  for (const merchant of others)
    uniform.push(await createTarget(stack.gatewayUrl, merchant, Math.ceil(customers / count)));
  return { merchants, uniform, hot: [await createTarget(stack.gatewayUrl, hotMerchant, customers)] };
}
