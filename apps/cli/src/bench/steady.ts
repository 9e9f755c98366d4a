// Decides when a stack has settled: from then on what is measured no longer depends on when it is measured.

/** The last so many slices are compared. */
export const STEADY_SLICES = 3;
/** Two of them may differ by so much of their mean. */
export const SPREAD_MAX = 0.15;

/** Whether the last slices differ by little. A slice in which nothing was measured (null) settles nothing. */
export function isSteady(slices: readonly (number | null)[]): boolean {
  const last = slices.slice(-STEADY_SLICES).filter((slice) => slice !== null);
  if (last.length < STEADY_SLICES) return false;
  const mean = last.reduce((sum, slice) => sum + slice, 0) / last.length;
  return Math.max(...last) - Math.min(...last) <= SPREAD_MAX * mean;
}
