// Says how a plan rests in the database without losing a minor unit.

/** Every bigint as decimal text: JSON's numbers end at 2^53. */
export type Stored<T> = T extends bigint
  ? string
  : T extends (infer Item)[]
    ? Stored<Item>[]
    : T extends object
      ? { [Name in keyof T]: Stored<T[Name]> }
      : T;

export function textOrNull(value: bigint | null): string | null {
  return value === null ? null : String(value);
}

export function bigintOrNull(value: string | null): bigint | null {
  return value === null ? null : BigInt(value);
}
