// Looks schemas up in the registry for reading and writing, and tells a schema that does not exist from a registry that does not answer.
import confluent from '@kafkajs/confluent-schema-registry';
import type avsc from 'avsc';
import { typeHook } from './avro-types.ts';

/** Attempts and waits of one look-up; its caller retries the batch, so a look-up itself is short. */
const RETRY = { retries: 2, initialRetryTimeInSecs: 0.1, maxRetryTimeInSecs: 1 };

/** The client itself waits for ever, and shares one look-up of an id among all who ask for it. */
const ANSWER_TIMEOUT_MS = 5_000;

/** The registry did not answer, or not sensibly; nothing is wrong with the record. Thrown by look-ups; try again later. */
export class RegistryUnavailableError extends Error {
  readonly code = 'registry_unavailable';
  readonly retriable = true;
}

export interface Registry {
  /** Id of exactly this schema under the subject, or null when it is not registered there. */
  idOf(subject: string, schema: string): Promise<number | null>;
  /** The writer's type for an id, or null when the registry has no such id. */
  typeOf(id: number): Promise<avsc.Type | null>;
}

/**
 * Connects to a Confluent-compatible registry, for look-ups only: production code never registers.
 *
 * @param url with `user:password@` where the registry asks for it
 */
export function createRegistry({ url, clientId }: { url: string; clientId: string }): Registry {
  const { host, auth } = splitCredentials(url);
  const client = new confluent.SchemaRegistry(
    {
      host,
      clientId,
      retry: RETRY,
      middlewares: [withTimeout],
      ...(auth === null ? {} : { auth }),
    },
    { [confluent.SchemaType.AVRO]: { typeHook, wrapUnions: 'never', omitRecordMethods: true } },
  );
  return {
    idOf: (subject, schema) =>
      nullWhenMissing(`the id of ${subject}`, () =>
        client.getRegistryIdBySchema(subject, { type: confluent.SchemaType.AVRO, schema }),
      ),
    // Every schema in our registry is Avro, and the client hands out avsc's types for these.
    typeOf: (id) => nullWhenMissing(`schema ${id}`, async () => (await client.getSchema(id)) as unknown as avsc.Type),
  };
}

type ClientOptions = ConstructorParameters<typeof confluent.SchemaRegistry>[0];

const withTimeout: NonNullable<ClientOptions['middlewares']>[number] = () => ({
  prepareRequest: async (next) => (await next()).enhance({ timeout: ANSWER_TIMEOUT_MS }),
});

/** Takes `user:password@` out of a URL, since fetch and the client refuse it there. */
export function splitCredentials(url: string): { host: string; auth: { username: string; password: string } | null } {
  const parsed = new URL(url);
  const { username, password } = parsed;
  if (username === '') return { host: url, auth: null };
  parsed.username = '';
  parsed.password = '';
  return {
    host: parsed.toString(),
    auth: { username: decodeURIComponent(username), password: decodeURIComponent(password) },
  };
}

async function nullWhenMissing<T>(what: string, lookUp: () => Promise<T>): Promise<T | null> {
  try {
    return await lookUp();
  } catch (error) {
    if (isMissing(error)) return null;
    throw new RegistryUnavailableError(`could not look up ${what}: ${String(error)}`, { cause: error });
  }
}

/**
 * A true 404. The client reports a refused connection as status 400, so nothing else may count as missing; and a proxy
 * or a wrong address answers 404 too, for which a record must not become a dead letter: the registry's own 404 carries a
 * message, and where an answer has none the client says "Error, status 404" instead.
 */
function isMissing(error: unknown): boolean {
  if (!(error instanceof Error) || error.message.includes('Error, status 404')) return false;
  // getRegistryIdBySchema wraps its 404 and keeps the message only.
  return ('status' in error && error.status === 404) || error.name === 'ConfluentSchemaRegistryError';
}
