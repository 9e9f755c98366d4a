// Reads percentiles from measured times.

/** The smallest value that at least `share` (0 to 1) of the values do not exceed; null without values. */
export function percentileOf(sortedValues: readonly number[], share: number): number | null {
  const rank = Math.max(1, Math.ceil(sortedValues.length * share));
  return sortedValues[rank - 1] ?? null;
}
