/** Remembers what was already done to this data: the partition count, the sandbox merchant, and whether the sample was sent. */

import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Services } from '@paystream/stack';

export interface SandboxMerchant {
  readonly merchant_id: string;
  readonly api_key: string;
}

export interface StackState {
  readonly payment_partitions: number;
  readonly merchant: SandboxMerchant | null;
  /** A customer with money, for the command that is printed to be pasted. */
  readonly demo_customer: string | null;
  readonly is_sample_loaded: boolean;
}

export interface StateStore {
  read(): StackState;
  update(change: Partial<StackState>): StackState;
}

const FILE_NAME = 'state.json';
const HASH_LENGTH = 16;
const SMALL_MACHINE_CORES = 2;
/** Each partition has transactions of its own, which on two cores cost more than further partitions could win. */
const PARTITIONS_SMALL = 2;
const PARTITIONS_LARGE = 12;

/** Opens the state that belongs to these services: other addresses are other data. */
export function openState(folder: string, services: Services, environment: NodeJS.ProcessEnv): StateStore {
  const path = join(folder, FILE_NAME);
  const place = placeOf(services, environment);
  const initial: StackState = {
    payment_partitions: partitionsFor(environment),
    merchant: null,
    demo_customer: null,
    is_sample_loaded: false,
  };
  const readAll = (): Record<string, StackState> => {
    try {
      // Written below, in one piece.
      return JSON.parse(readFileSync(path, 'utf8')) as Record<string, StackState>;
    } catch {
      return {};
    }
  };
  const read = (): StackState => ({ ...initial, ...readAll()[place] });
  return {
    read,
    update: (change) => {
      const state = { ...read(), ...change };
      writeFileSync(`${path}.new`, `${JSON.stringify({ ...readAll(), [place]: state }, null, 2)}\n`, { mode: 0o600 });
      renameSync(`${path}.new`, path);
      return state;
    },
  };
}

/** Local services keep their data whatever port they get; given ones are known by their addresses. */
function placeOf(services: Services, environment: NodeJS.ProcessEnv): string {
  const prefix = environment.KAFKA_TOPIC_PREFIX ?? '';
  if (services.source !== 'environment') return `${services.source}:${prefix}`;
  const { host, pathname } = new URL(services.databases.gateway);
  const addresses = [services.kafkaBrokers, prefix, host, pathname].join(' ');
  return createHash('sha256').update(addresses).digest('hex').slice(0, HASH_LENGTH);
}

/** Set once, at creation, and never altered: keys would move to other partitions. */
function partitionsFor(environment: NodeJS.ProcessEnv): number {
  if (environment.KAFKA_PAYMENT_PARTITIONS) return Number(environment.KAFKA_PAYMENT_PARTITIONS);
  return availableParallelism() <= SMALL_MACHINE_CORES ? PARTITIONS_SMALL : PARTITIONS_LARGE;
}
