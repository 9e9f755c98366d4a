// Registers the topics' schemas: the one place that writes to the registry, called when topics are applied and never by an app.
import type { TopicName } from '@paystream/topics';
import { catalogue, subjectOf, topicNames } from '@paystream/topics';
import { splitCredentials } from './registry.ts';

/** Old readers read new records and new readers old ones, over every version there has ever been. */
const COMPATIBILITY = 'FULL_TRANSITIVE';
const REQUEST_TIMEOUT_MS = 10_000;
const CONTENT_TYPE = 'application/vnd.schemaregistry.v1+json';

export interface RegisteredSchema {
  topic: TopicName;
  subject: string;
  id: number;
}

/** A schema was refused: an old version could not be read any more. Thrown by registerSchemas, with the registry's words. */
export class SchemaRefusedError extends Error {
  readonly code = 'schema_refused';
  readonly retriable = false;
}

/** The registry answered something else than asked for, or not at all. Thrown by registerSchemas; worth trying again. */
export class SchemaRegistrationError extends Error {
  readonly code = 'schema_registration_failed';
  readonly retriable = true;
}

type Request = (method: string, path: string, body?: unknown) => Promise<{ status: number; data: unknown }>;

/**
 * Registers every topic's schema under `<topic>-value` with compatibility FULL_TRANSITIVE. The level is set first, so
 * that the registry itself judges each change; a schema that is there already is left as it is.
 *
 * @param registryUrl with `user:password@` where the registry asks for it
 * @param schemas other schemas than the catalogue's, for tests
 * @throws SchemaRefusedError when a change is not compatible; SchemaRegistrationError when the registry is away
 */
export async function registerSchemas({
  registryUrl,
  logger,
  schemas = catalogueSchemas(),
}: {
  registryUrl: string;
  logger: { info(fields: object, message: string): void };
  schemas?: readonly { topic: TopicName; subject: string; schema: string }[];
}): Promise<RegisteredSchema[]> {
  const request = requestTo(registryUrl);
  const registered: RegisteredSchema[] = [];
  // One after the other: eleven small requests, and the first refusal names its topic.
  for (const { topic, subject, schema } of schemas) {
    const path = encodeURIComponent(subject);
    await holdToCompatibility(request, subject);
    const id = idIn(expectOk(await request('POST', `/subjects/${path}/versions`, { schema }), subject), subject);
    logger.info({ subject, schema_id: id }, 'schema registered');
    registered.push({ topic, subject, id });
  }
  return registered;
}

/** Sets the level where it is not set. Of two processes that do so at once, the registry refuses one: it looks again. */
async function holdToCompatibility(request: Request, subject: string): Promise<void> {
  const path = `/config/${encodeURIComponent(subject)}`;
  const isSet = async (): Promise<boolean> => levelIn((await request('GET', path)).data) === COMPATIBILITY;
  if (await isSet()) return;
  const answer = await request('PUT', path, { compatibility: COMPATIBILITY });
  if (answer.status >= 300 && (await isSet())) return;
  expectOk(answer, subject);
}

function levelIn(data: unknown): unknown {
  return typeof data === 'object' && data !== null && 'compatibilityLevel' in data
    ? data.compatibilityLevel
    : undefined;
}

function catalogueSchemas(): { topic: TopicName; subject: string; schema: string }[] {
  return topicNames.map((topic) => ({ topic, subject: subjectOf(topic), schema: catalogue[topic].schema }));
}

function requestTo(registryUrl: string): Request {
  const { host, auth } = splitCredentials(registryUrl);
  const base = host.replace(/\/+$/, '');
  const authorization = auth === null ? {} : { authorization: `Basic ${btoa(`${auth.username}:${auth.password}`)}` };
  return async (method, path, body) => {
    try {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: { 'content-type': CONTENT_TYPE, accept: `${CONTENT_TYPE}, application/json`, ...authorization },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      const text = await response.text();
      return { status: response.status, data: parseJson(text) };
    } catch (error) {
      throw new SchemaRegistrationError(`the schema registry at ${base} does not answer`, { cause: error });
    }
  };
}

function expectOk({ status, data }: { status: number; data: unknown }, subject: string): unknown {
  if (status >= 200 && status < 300) return data;
  const words = typeof data === 'object' && data !== null && 'message' in data ? String(data.message) : String(data);
  if (status === 409 || status === 422) {
    throw new SchemaRefusedError(`the registry refuses the schema of ${subject} as ${COMPATIBILITY}: ${words}`);
  }
  throw new SchemaRegistrationError(`the registry answered ${status} for ${subject}: ${words}`);
}

function idIn(data: unknown, subject: string): number {
  if (typeof data === 'object' && data !== null && 'id' in data && typeof data.id === 'number') return data.id;
  throw new SchemaRegistrationError(`the registry gave no id for ${subject}: ${JSON.stringify(data)}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, 200);
  }
}
