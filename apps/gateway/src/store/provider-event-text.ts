// Writes a provider's event as the text that is kept, and reads it again: bigints as text, as JSON's numbers end at 2^53.
import type { ProviderEvent } from '@paystream/topics';

const BIGINTS: ReadonlySet<string> = new Set(['amountMinor', 'feeMinor', 'dueBy', 'occurredAt', 'receivedAt']);

export function toEventText(event: ProviderEvent): string {
  return JSON.stringify(event, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

export function fromEventText(text: string): ProviderEvent {
  // Written by toEventText.
  return JSON.parse(text, (name, value: unknown) =>
    typeof value === 'string' && BIGINTS.has(name) ? BigInt(value) : value,
  ) as ProviderEvent;
}
