// Writes a parsed JSON value in the one form RFC 8785 gives it, so that equal bodies have equal fingerprints.

/** Members sorted by their names' UTF-16 units, no spaces; numbers and strings as ECMAScript writes them, as the RFC does. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
