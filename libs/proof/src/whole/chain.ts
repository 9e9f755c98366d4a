// Follows each operation from the gateway that accepted it to the record that was decided, and back: nothing lost, nothing of no origin.

import type { Differences } from '../differences.ts';
import type { AskedOperation, Chunks } from '../inputs.ts';
import type { Fate } from '../partition-cursor.ts';
import type { AcceptedRow, ToldOperation } from './accepted.ts';
import { findDisagreements, findOtherTerms, sayTerms, sayTold, toldOf } from './accepted.ts';
import type { DigestOf } from './digest-table.ts';
import { createDigestTable } from './digest-table.ts';
import type { AtOffset } from './merchant-views.ts';
import { digitsOf } from './shown.ts';

/** An operation not published within this time is stuck: a relay takes it after five seconds. */
const UNPUBLISHED_MICROS_MAX = 60_000_000n;
/** Records whose origin is looked up with one call. */
const LOOKUP_SIZE_MAX = 1_000;

/** What is known of an operation, beside what was asked. */
const SEEN = { unpublished: 1, requested: 2, due: 4, processed: 8, dead: 16, named: 32 } as const;

export interface RequestedRecord extends AtOffset {
  readonly value: ToldOperation;
  readonly isPutAside: boolean;
}

/** What a provider told, as the gateway keeps it. */
export interface ToldEvent {
  readonly provider: string;
  readonly providerEventId: string;
  readonly type: string;
  readonly environment: string;
  readonly merchantId: string | null;
  readonly customerId: string | null;
  readonly paymentId: string | null;
  /** Of a pay-out whose provider gives our id back. */
  readonly operationId: string | null;
  readonly disputeId: string | null;
  readonly amountMinor: bigint | null;
  readonly feeMinor: bigint | null;
  readonly currency: string | null;
  readonly receivedAt: bigint;
}

export interface ChainOptions {
  /** Of one picture of the gateway; it may be read again as long as the proof goes on. */
  readonly accepted: () => Chunks<AcceptedRow>;
  /** Digits of the operations that are not known to be published, of the same picture. */
  readonly unpublished: Chunks<{ readonly digits: string }>;
  /** When the picture was taken, by its own clock: microseconds since the epoch. */
  readonly takenAt: bigint;
  /** Operations as they are by now, by digits. */
  readonly acceptedNow: (digits: readonly string[]) => Promise<readonly AcceptedRow[]>;
  /** By digits of a fact's id, or by the id of a pay-out whose end was told in a record of its own. */
  readonly eventsNow: (facts: readonly string[], payOuts: readonly string[]) => Promise<readonly ToldEvent[]>;
  /** By partition: requests below were processed before the books were looked at. */
  readonly processedBefore: readonly bigint[];
  readonly digestOf: DigestOf;
  readonly differences: Differences;
}

export interface Chain {
  /** Reads the picture. */
  readonly load: () => Promise<void>;
  readonly isAccepted: (digits: string) => boolean;
  /** Whether what a provider told was processed. */
  readonly isToldProcessed: (event: ToldEvent) => boolean;
  /** Takes the next record of payment.requested; all of them before the first that was processed. */
  readonly requested: (record: RequestedRecord) => Promise<void>;
  /** Takes the next record of payment.processed below the cuts. */
  readonly processed: (operation: AskedOperation, at: AtOffset, fate: Fate) => Promise<void>;
  /** Names what has not arrived; what is missing in books that are behind anyway is not asked for. */
  readonly finish: (known: Known) => Promise<void>;
}

/** What was found elsewhere, and is not to be named again. */
export interface Known {
  readonly booksAreBehind: boolean;
  /** Events on provider.event that no provider told. */
  readonly falseEvents: readonly ToldEvent[];
}

interface Suspect extends AtOffset {
  readonly topic: string;
  readonly told: AskedOperation | ToldOperation;
}

export function createChain(options: ChainOptions): Chain {
  const { differences, digestOf, processedBefore } = options;
  const accepted = createDigestTable(digestOf);
  const termsAsked = createDigestTable(digestOf);
  /** Terms of those that have some; many say the same. */
  const terms = new Map<string, string>();
  const texts = new Map<string, string>();
  /** Outside facts that were seen, decided or set aside. */
  const toldOutside = new Set<bigint>();
  const falseRequests = new Set<bigint>();
  let falseEvents: readonly ToldEvent[] = [];
  const counts = { requested: 0, due: 0, processed: 0 };
  let suspects: Suspect[] = [];

  const suspect = async (one: Suspect): Promise<void> => {
    suspects.push(one);
    if (suspects.length >= LOOKUP_SIZE_MAX) await judge();
  };
  const judge = async (): Promise<void> => {
    const some = suspects;
    suspects = [];
    await judgeOrders(some.filter(({ told }) => !isToldOutside(told)));
    await judgeFacts(some.filter(({ told }) => isToldOutside(told)));
  };
  const judgeOrders = async (some: readonly Suspect[]): Promise<void> => {
    if (some.length === 0) return;
    const rows = await options.acceptedNow([...new Set(some.map(({ told }) => digitsOf(told.operationId)))]);
    const byDigits = new Map(rows.map((row) => [row.digits, row]));
    for (const { told, ...place } of some) {
      const row = byDigits.get(digitsOf(told.operationId));
      const text = digestOf(sayTold(told));
      // What the processor made of a false request is no further fault.
      if (place.topic === 'payment.processed' && falseRequests.has(text)) continue;
      const others = row === undefined ? [] : [...findDisagreements(row, told)];
      if (row === undefined) addForged(told, place);
      for (const other of others) addOther(told, place, other);
      if (place.topic === 'payment.requested' && (row === undefined || others.length > 0)) falseRequests.add(text);
    }
  };
  const judgeFacts = async (some: readonly Suspect[]): Promise<void> => {
    if (some.length === 0) return;
    const payOuts = some.flatMap(({ told }) => (isEndOfPayOut(told) ? [told.operationId] : []));
    const events = await options.eventsNow(
      some.map(({ told }) => digitsOf(told.operationId)),
      payOuts,
    );
    const known = new Set([...events, ...falseEvents].map(sayEvent));
    for (const { told: fact, ...place } of some) {
      if (!('fact' in fact) || !known.has(sayFact(fact))) addForged(fact, place);
    }
  };
  const addForged = ({ operationId }: ToldOperation, place: Omit<Suspect, 'told'>): void => {
    differences.add({ kind: 'record_without_origin', operationId, ...place });
  };
  const addOther = ({ operationId }: ToldOperation, place: Omit<Suspect, 'told'>, other: object): void => {
    differences.add({ kind: 'record_not_as_asked', operationId, ...place, ...(other as Named) });
  };

  /** Whether the record says what was asked; null when it is not known that anything was. */
  const isAsAsked = (told: ToldOperation, digits: string): boolean => {
    if (accepted.get(digits) !== digestOf(sayTold(told))) return false;
    const asked = terms.get(digits);
    return asked === undefined || findOtherTerms(asked, told).next().done === true;
  };

  return {
    load: async () => {
      for await (const chunk of options.accepted()) {
        for (const row of chunk) {
          accepted.set(row.digits, digestOf(sayTold(toldOf(row))));
          if (row.terms === null) continue;
          const text = texts.get(row.terms) ?? row.terms;
          texts.set(text, text);
          terms.set(row.digits, text);
        }
      }
      for await (const chunk of options.unpublished)
        for (const { digits } of chunk) accepted.mark(digits, SEEN.unpublished);
    },
    isAccepted: (digits) => accepted.get(digits) !== undefined,
    isToldProcessed: (event) => toldOutside.has(digestOf(sayEvent(event))),
    requested: async ({ value, partition, offset, isPutAside }) => {
      const digits = digitsOf(value.operationId);
      if (!isAsAsked(value, digits)) {
        if (!isPutAside) await suspect({ topic: 'payment.requested', partition, offset, told: value });
        return;
      }
      termsAsked.set(digits, digestOf(sayTerms(value)));
      if (accepted.mark(digits, SEEN.requested)) counts.requested += 1;
      if (isPutAside) accepted.mark(digits, SEEN.dead);
      if (offset < (processedBefore[partition] ?? 0n) && accepted.mark(digits, SEEN.due)) counts.due += 1;
    },
    processed: async (operation, { partition, offset }, fate) => {
      const digits = digitsOf(operation.operationId);
      const isDead = fate === 'dead_letter' || fate === 'lawful_dead_letter';
      const place = { topic: 'payment.processed', partition, offset };
      if (isToldOutside(operation)) {
        toldOutside.add(digestOf(sayFact(operation)));
        if (!isDead) await suspect({ ...place, told: operation });
        return;
      }
      if (!isAsAsked(operation, digits)) {
        if (!isDead) await suspect({ ...place, told: operation });
        return;
      }
      if (isDead) {
        accepted.mark(digits, fate === 'dead_letter' ? SEEN.dead : SEEN.named);
        return;
      }
      const asked = termsAsked.get(digits);
      const found = sayTerms(operation);
      if (asked !== undefined && asked !== digestOf(found)) {
        addOther(operation, place, { field: 'terms', expected: 'those of payment.requested', found });
      }
      const isDue = (accepted.flags(digits) & SEEN.due) !== 0;
      if (accepted.mark(digits, SEEN.processed) && isDue) counts.processed += 1;
    },
    finish: async ({ booksAreBehind, falseEvents: named }) => {
      falseEvents = named;
      await judge();
      if (counts.requested === accepted.size() && counts.processed === counts.due) return;
      for await (const chunk of options.accepted()) {
        for (const row of chunk) {
          const { operationId } = toldOf(row);
          const flags = accepted.flags(row.digits);
          const has = (flag: number): boolean => (flags & flag) !== 0;
          const isYoung = row.requestedAt > options.takenAt - UNPUBLISHED_MICROS_MAX;
          if (!has(SEEN.requested)) {
            if (has(SEEN.unpublished) && isYoung) continue;
            differences.add({ kind: 'accepted_not_requested', operationId });
          } else if (has(SEEN.processed) || has(SEEN.named)) continue;
          else if (has(SEEN.dead)) differences.add({ kind: 'accepted_dead_lettered', operationId });
          else if (has(SEEN.due) && !booksAreBehind) differences.add({ kind: 'requested_not_processed', operationId });
        }
      }
    },
  };
}

type Named = { readonly field: string; readonly expected: string; readonly found: string };

/** What nobody asked for here. */
function isToldOutside(told: AskedOperation | ToldOperation): told is AskedOperation {
  return ('kind' in told && told.kind === 'fact') || isEndOfPayOut(told);
}

/** As the first version told it. */
function isEndOfPayOut(told: AskedOperation | ToldOperation): boolean {
  return 'kind' in told && told.kind === 'outcome';
}

const HOUSE = `mer_${'0'.repeat(32)}`;

function sayEvent(event: ToldEvent): string {
  const { type, provider, environment, merchantId, customerId, amountMinor, currency, receivedAt } = event;
  const paymentId = event.paymentId ?? event.operationId;
  return [
    ...[type, provider, environment, merchantId ?? HOUSE, customerId, paymentId, amountMinor, currency, receivedAt],
    ...[event.disputeId, event.feeMinor],
  ].join(' ');
}

function sayFact(told: AskedOperation): string {
  const { fact, environment, merchantId, customerId, paymentId, amountMinor, currency, requestedAt } = told;
  return [
    ...[fact?.type, fact?.provider, environment, merchantId, customerId, paymentId, amountMinor, currency],
    ...[requestedAt, fact?.disputeId, fact?.feeMinor],
  ].join(' ');
}
