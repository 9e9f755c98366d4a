// Tells a story step by step on the running system: asks the gateway, waits for the books, and says what they show.

import { CliError } from '../context.ts';
import type { GatewayClient } from '../load/gateway-client.ts';
import { describeBalances, describePosting } from './describe-effect.ts';
import type { AccountSeen, LedgerView } from './ledger-view.ts';

export interface Told {
  readonly step: number;
  readonly title: string;
  /** What became of it, as the gateway says. */
  readonly status: string;
  readonly operationId: string;
  readonly postings: readonly string[];
  readonly balances: readonly string[];
}

export interface Step {
  readonly title: string;
  readonly path: string;
  readonly body: object;
  /** What the story needs it to become; anything else ends the story. */
  readonly expect?: string;
  /** Where it shows what becomes of it, when nobody waits for its end; of its own id unless one is named. */
  readonly shownAt?: string;
  /** Of a fact from outside, what it is about and becomes visible in. */
  readonly about?: string;
}

export interface Story {
  /** Makes a customer whom the story calls by this name. */
  readonly person: (name: string) => Promise<string>;
  /** The merchant whose key it is. */
  readonly introduce: (id: string, name: string) => void;
  readonly tell: (step: Step) => Promise<Readonly<Record<string, unknown>>>;
  readonly steps: () => readonly Told[];
}

export interface StoryOptions {
  readonly client: GatewayClient;
  readonly ledger: LedgerView;
  /** Different in every run, so that each is told anew. */
  readonly runId: string;
  readonly onTold: (told: Told) => void;
  readonly signal: AbortSignal;
}

export function createStory({ client, ledger, runId, onTold, signal }: StoryOptions): Story {
  const names = new Map<string, string>();
  const told: Told[] = [];
  let known: ReadonlyMap<string, AccountSeen> | undefined;

  const ask = async ({ title, path, body, expect, shownAt, about }: Step): Promise<Answered> => {
    const key = `demo-${runId}-${told.length + 1}`;
    const post = shownAt === undefined ? client.postUntilFinal : client.postUntilAccepted;
    const answer = await post(path, key, body);
    if (answer.status >= 400) throw new CliError(`POST ${path} was refused: ${JSON.stringify(answer.body)}`);
    const operationId = textOf(answer.body, about === undefined ? 'id' : 'operation');
    const shown =
      shownAt === undefined
        ? answer.body
        : await client.getUntil(
            `${shownAt}/${about ?? operationId}`,
            ({ status }) => expect === undefined || status === expect,
          );
    const status = typeof shown['status'] === 'string' ? shown['status'] : 'created';
    if (expect === undefined || status === expect) return { shown, status, operationId };
    throw new CliError(`"${title}" was to end ${expect} and is ${status}: ${JSON.stringify(shown)}`);
  };

  return {
    person: async (name) => {
      const email = `${name.toLowerCase()}-${runId}@demo.example`;
      const { body } = await client.postUntilFinal('/v1/customers', `demo-${runId}-${name}`, { name, email });
      const id = textOf(body, 'id');
      names.set(id, name);
      return id;
    },
    introduce: (id, name) => void names.set(id, name),
    tell: async (step) => {
      signal.throwIfAborted();
      known ??= await ledger.accountsOf([...names.keys()]);
      const { shown, status, operationId } = await ask(step);
      const postings = await ledger.postingsOf(operationId);
      const now = await ledger.accountsOf([...names.keys()]);
      const one: Told = {
        ...{ step: told.length + 1, title: step.title, status, operationId },
        postings: postings.map((posting) => describePosting(posting, names)),
        balances: describeBalances(known, now, names),
      };
      known = now;
      told.push(one);
      onTold(one);
      return shown;
    },
    steps: () => told,
  };
}

interface Answered {
  readonly shown: Readonly<Record<string, unknown>>;
  readonly status: string;
  readonly operationId: string;
}

function textOf(body: Readonly<Record<string, unknown>>, field: string): string {
  const value = body[field];
  if (typeof value !== 'string') throw new CliError(`The gateway's answer has no ${field}: ${JSON.stringify(body)}`);
  return value;
}
