// Prints numbers and tables of the benchmark alike everywhere.

/** With separators for thousands; a dash for what could not be measured, nothing for what was not. */
export function format(value: number | null | undefined, digits: number): string {
  if (value === undefined) return '';
  if (value === null) return '-';
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function tableStyle(colours: boolean): object {
  return colours ? { compact: true } : { compact: true, head: [], border: [] };
}
