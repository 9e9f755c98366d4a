// Brings claims that arrive together into groups, writes each group at once, and refuses what would only wait.
import { HttpError } from '@paystream/http';
import { faultPoint } from '@paystream/runtime';
import type { Logger } from '@paystream/telemetry';
import { databaseErrorOf } from '../database-error.ts';
import type { GatewayMetrics } from '../metrics.ts';
import type { Outlet } from '../publish/outlet.ts';
import type { Claim, ClaimOutcome } from './claim.ts';
import type { OutboxLimits } from './outbox-limits.ts';
import type { StoreGroupOptions } from './store-group.ts';
import { storeGroup } from './store-group.ts';

/** Claims waiting to be written; beyond, 503. About two seconds' work. */
const QUEUED_CLAIMS_MAX = 10_000;
/** Claims in one statement: more makes the first of them wait longer than it saves. */
const GROUP_CLAIMS_MAX = 500;
/** Statements under way: while one waits for the disk the next is made. */
const GROUPS_AT_ONCE_MAX = 2;

export interface Intake {
  /**
   * Calls `done` once with what became of the claim, never before it returns.
   * @throws HttpError `overloaded` or `publishing_stalled`, and then nothing was taken
   */
  submit(claim: Claim, done: (outcome: ClaimOutcome) => void): void;
  /** Resolves when everything taken has its outcome. */
  drain(): Promise<void>;
}

export interface IntakeOptions extends StoreGroupOptions {
  outlet: Outlet;
  outboxLimits: OutboxLimits;
  metrics: GatewayMetrics;
  /** QUEUED_CLAIMS_MAX unless said otherwise. */
  queuedMax?: number;
}

interface Waiting {
  claim: Claim;
  done: (outcome: ClaimOutcome) => void;
}

export function createIntake(options: IntakeOptions): Intake {
  const { outlet, outboxLimits, metrics, logger, queuedMax = QUEUED_CLAIMS_MAX } = options;
  let queue: Waiting[] = [];
  let groups = 0;
  let scheduled = false;
  let drained: (() => void)[] = [];

  const pump = () => {
    scheduled = false;
    while (queue.length > 0 && groups < GROUPS_AT_ONCE_MAX) {
      const group = queue.slice(0, GROUP_CLAIMS_MAX);
      queue = queue.slice(GROUP_CLAIMS_MAX);
      groups += 1;
      void write(group).then(finished);
    }
  };
  const finished = () => {
    groups -= 1;
    pump();
    if (groups > 0 || queue.length > 0) return;
    for (const resolve of drained) resolve();
    drained = [];
  };
  const write = async (group: readonly Waiting[]): Promise<void> => {
    metrics.groupSize.observe(group.length);
    const claims = group.map(({ claim }) => claim);
    const outcomes = await storeGroup(options, claims).catch((error: unknown) => refuseAll(claims, error, logger));
    faultPoint('gateway.claims_committed');
    publish(outcomes);
    group.forEach(({ done }, place) => {
      const outcome = outcomes[place];
      if (outcome === undefined) return;
      try {
        done(outcome);
      } catch (error) {
        // One that cannot be told must not keep the others from being told, nor the intake from going on.
        logger.error({ err: error }, 'what became of a claim could not be told');
      }
    });
  };
  const publish = (outcomes: readonly ClaimOutcome[]) => {
    const accepted = outcomes.flatMap((outcome) =>
      outcome.kind === 'accepted' ? [{ ...outcome.claim, requestedAtMicros: outcome.requestedAtMicros }] : [],
    );
    outboxLimits.added(accepted.length);
    outlet.push(accepted);
  };

  return {
    submit: (claim, done) => {
      if (queue.length >= queuedMax) throw new HttpError('overloaded');
      if (outboxLimits.isReached()) throw new HttpError('publishing_stalled');
      queue.push({ claim, done });
      if (scheduled || groups >= GROUPS_AT_ONCE_MAX) return;
      scheduled = true;
      // After everything that has arrived by now has been parsed: that is what arrives together.
      setImmediate(pump);
    },
    drain: () =>
      new Promise((resolve) => {
        if (groups === 0 && queue.length === 0) resolve();
        else drained.push(resolve);
      }),
  };
}

function refuseAll(claims: readonly Claim[], error: unknown, logger: Logger): ClaimOutcome[] {
  const known = error instanceof HttpError ? error : databaseErrorOf(error);
  if (known === undefined) logger.error({ err: error, count: claims.length }, 'a group of claims could not be stored');
  const refusal = known ?? new HttpError('internal');
  return claims.map(() => ({ kind: 'refused', error: refusal }));
}
