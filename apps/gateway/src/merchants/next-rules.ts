// Decides the version of each rule of a changed plan: one more than it ever had when its content is another.

interface Versioned {
  ruleId: string;
  version: bigint;
}

/**
 * The asked rules with their versions. `newest` are the highest versions that rules of these names ever had, also those
 * that were taken out meanwhile: an id and a version name one content for ever.
 */
export function nextRules<Rule extends Versioned>(
  asked: readonly Omit<Rule, 'version'>[],
  current: readonly Rule[],
  newest: ReadonlyMap<string, bigint>,
): Rule[] {
  const inForce = new Map(current.map((rule) => [rule.ruleId, rule]));
  return asked.map((rule) => {
    const before = inForce.get(rule.ruleId);
    const version =
      before !== undefined && isSame(rule, before) ? before.version : (newest.get(rule.ruleId) ?? 0n) + 1n;
    // An asked rule is a rule but for its version.
    return { ...rule, version } as Rule;
  });
}

/** Whether two plans have the same rules in the same order. */
export function areSame(a: readonly Versioned[], b: readonly Versioned[]): boolean {
  return a.length === b.length && a.every((rule, place) => isSame(rule, b[place]));
}

/** Fields are plain values, or lists of text. */
function isSame(a: object, b: object | undefined): boolean {
  return b !== undefined && contentOf(a) === contentOf(b);
}

function contentOf(rule: object): string {
  const entries = Object.entries(rule)
    .filter(([name]) => name !== 'version')
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(entries, (_name, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}
