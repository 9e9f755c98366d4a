// Says what a proof saw and found, for people and for programs.

import { describeDifference } from '@paystream/proof';
import type { ProofResult } from './run-proof.ts';
import { sayPlace } from './sabotage.ts';

/** Differences of each kind shown in full; `--json` has all of them. */
const DIFFERENCES_SHOWN_MAX = 5;

/** True when the command may exit with zero: no difference, or on books without any the very one that was made. */
export function isProved({ differenceCount, sabotage }: ProofResult): boolean {
  return sabotage === null ? differenceCount === 0 : sabotage.found && sabotage.differencesBefore === 0;
}

/** One line: what a reader of the first run wants to see. */
export function proofLine(result: ProofResult): string {
  const { accounts, postings, operations, differenceCount, seconds } = result;
  return `proof: ${count(accounts)} accounts, ${count(postings)} postings, ${count(operations)} operations re-derived from the topics in ${seconds.toFixed(1)} s, differences ${count(differenceCount)}`;
}

/** The whole answer in lines of text. */
export function describeProof(result: ProofResult): string[] {
  const { differenceCount, sabotage } = result;
  const cuts = [...result.cuts].map(([partition, cut]) => `${partition}@${cut}`).join(' ');
  const lines = [
    `accounts     ${count(result.accounts)}`,
    `payments     ${count(result.payments)} (${count(result.disputes)} disputes)`,
    `postings     ${count(result.postings)}`,
    `operations   ${count(result.operations)} decided from ${count(result.records)} records (${count(result.repetitions)} repetitions, ${count(result.deadLettered)} dead letters)`,
    `end offsets  payment.processed ${cuts}`,
    `seconds      ${result.seconds.toFixed(1)}`,
    `differences  ${count(differenceCount)}`,
    ...describeKinds(result),
  ];
  if (sabotage === null) return lines;
  const { differencesBefore } = sabotage;
  const before = `before       ${count(differencesBefore)} differences without any sabotage; see \`npx paystream prove\``;
  return [...(differencesBefore === 0 ? [] : [before]), ...lines, describeSabotage(sabotage)];
}

/** Kind by kind: how many there are, and the first of them. */
function describeKinds({ differences, differenceCounts }: ProofResult): string[] {
  return Object.entries(differenceCounts).flatMap(([kind, found]) => {
    const shown = differences.filter((difference) => difference.kind === kind).slice(0, DIFFERENCES_SHOWN_MAX);
    const more = found - shown.length;
    return [
      `  ${kind} ${count(found)}`,
      ...shown.map((difference) => `    ${describeDifference(difference)}`),
      ...(more > 0 ? [`    … and ${count(more)} more`] : []),
    ];
  });
}

function describeSabotage({ sabotage, place, found }: NonNullable<ProofResult['sabotage']>): string {
  const where = `${sabotage} at ${sayPlace(place)} of a copy`;
  return found
    ? `sabotage     found: ${where}; the books themselves were not touched`
    : `sabotage     NOT FOUND: ${where}`;
}

/** The same for programs, in snake case. */
export function proofToJson(result: ProofResult): object {
  const { sabotage } = result;
  return {
    proved: isProved(result),
    accounts: result.accounts,
    payments: result.payments,
    disputes: result.disputes,
    postings: result.postings,
    operations: result.operations,
    records: result.records,
    repetitions: result.repetitions,
    dead_lettered: result.deadLettered,
    end_offsets: Object.fromEntries(result.cuts),
    seconds: Number(result.seconds.toFixed(3)),
    difference_count: result.differenceCount,
    difference_counts: result.differenceCounts,
    differences: result.differences.map((difference) => ({
      ...difference,
      text: describeDifference(difference),
    })),
    sabotage:
      sabotage === null
        ? null
        : {
            kind: sabotage.sabotage,
            place: sayPlace(sabotage.place),
            found: sabotage.found,
            differences_before: sabotage.differencesBefore,
          },
  };
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
