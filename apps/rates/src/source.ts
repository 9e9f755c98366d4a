// Fetches the file of rates from where it is, when it is another than before.
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';

/** Many times the whole history since 1999. */
const SOURCE_BYTES_MAX = 8 * 1024 * 1024;
const FETCH_MS_MAX = 30_000;

/** A file as it was fetched. */
export interface Fetched {
  text: string;
  /** To be called when it has been used: until then it counts as not seen, and is fetched again. */
  used(): void;
}

export interface Source {
  /**
   * The file, or null when it is the one that has been used last.
   * @throws when there is none, it is too large, or its server does not answer in time
   */
  fetch(signal: AbortSignal): Promise<Fetched | null>;
}

export interface SourceOptions {
  bytesMax?: number;
  deadlineMs?: number;
}

/** A source by its path or URL. */
export function createSource(location: string, options: SourceOptions = {}): Source {
  const { bytesMax = SOURCE_BYTES_MAX, deadlineMs = FETCH_MS_MAX } = options;
  return /^https?:\/\//.test(location)
    ? createUrlSource(new URL(location), { bytesMax, deadlineMs })
    : createFileSource(location, bytesMax);
}

function createFileSource(path: string, bytesMax: number): Source {
  let last: string | undefined;
  return {
    async fetch(signal) {
      const text = await readAll(createReadStream(path, { signal }), { what: path, bytesMax });
      return text === last ? null : { text, used: () => (last = text) };
    },
  };
}

/** Asked with what the server said of its last answer, so that it need not send the same again. */
function createUrlSource(url: URL, { bytesMax, deadlineMs }: Required<SourceOptions>): Source {
  let conditions: Record<string, string> = {};
  return {
    async fetch(signal) {
      const ended = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
      const response = await fetch(url, { headers: conditions, signal: ended });
      if (response.status === NOT_MODIFIED) return null;
      if (!response.ok || response.body === null) {
        await response.body?.cancel();
        throw new Error(`${url.href} answers ${response.status}`);
      }
      const text = await readAll(response.body, { what: url.href, bytesMax });
      return { text, used: () => (conditions = conditionsOf(response.headers)) };
    },
  };
}

const NOT_MODIFIED = 304;

function conditionsOf(headers: Headers): Record<string, string> {
  const tag = headers.get('etag');
  const date = headers.get('last-modified');
  return { ...(tag === null ? {} : { 'if-none-match': tag }), ...(date === null ? {} : { 'if-modified-since': date }) };
}

/** What a stream holds; more than the bound is not taken in. */
async function readAll(
  stream: Readable | ReadableStream<Uint8Array>,
  { what, bytesMax }: { what: string; bytesMax: number },
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new Error(`${what} is larger than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
