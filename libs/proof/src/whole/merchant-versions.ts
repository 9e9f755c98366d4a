// Takes over merchants' settings from the log, those that the gateway keeps: a forged plan must not make a forged fee look right.

import type { Differences } from '../differences.ts';
import type { Chunks } from '../inputs.ts';
import { sayValue } from './accepted.ts';
import type { MerchantVersion } from './fee-plans.ts';
import type { AtOffset } from './merchant-views.ts';

export interface VersionRecord extends AtOffset {
  readonly value: MerchantVersion;
}

/** A version as the gateway keeps it; of the plan only that it says the same. */
export interface StoredVersion {
  readonly merchantId: string;
  readonly environment: string;
  readonly version: bigint;
  /** Microseconds since the epoch. */
  readonly updatedAt: bigint;
  readonly feePlan: object;
}

export interface VersionsInput {
  readonly records: Chunks<VersionRecord>;
  /** All versions of these merchants as they are by now, by merchant id. */
  readonly versionsNow: (merchantIds: readonly string[]) => Promise<readonly StoredVersion[]>;
  readonly learn: (version: MerchantVersion) => void;
}

export async function learnVersions(
  { records, versionsNow, learn }: VersionsInput,
  differences: Differences,
): Promise<void> {
  for await (const chunk of records) {
    const stored = await versionsNow([...new Set(chunk.map(({ value }) => value.merchantId))]);
    const byKey = new Map(stored.map((version) => [keyOf(version), version]));
    for (const { value, partition, offset } of chunk) {
      const version = byKey.get(keyOf(value));
      const place = { topic: 'merchant.updated', partition, offset, operationId: value.merchantId };
      if (version === undefined) differences.add({ kind: 'record_without_origin', ...place });
      else if (say(version) === say(value)) learn(value);
      else {
        const said = { expected: say(version), found: say(value) };
        differences.add({ kind: 'record_not_as_asked', ...place, field: `version ${value.version}`, ...said });
      }
    }
  }
}

function keyOf({ merchantId, environment, version }: StoredVersion | MerchantVersion): string {
  return `${merchantId} ${environment} ${version}`;
}

function say({ updatedAt, feePlan }: StoredVersion | MerchantVersion): string {
  return `from ${updatedAt} ${sayValue(feePlan)}`;
}
