// Cuts a stream of bytes into lines, none longer than a limit and no more of them than another.
import type { Readable } from 'node:stream';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export interface LinesLimits {
  lineBytesMax: number;
  linesMax: number;
}

/** A line as it came, or why it did not: too long, or one more than there may be (the last thing that is said). */
export type Line = { kind: 'line'; bytes: Buffer } | { kind: 'too_long' } | { kind: 'too_many' };

/**
 * Groups of lines, as many as each chunk of the stream completes. Empty lines are passed over. A line that is too long
 * is read to its end without being kept.
 */
export async function* readLines(stream: Readable, limits: LinesLimits): AsyncGenerator<Line[]> {
  const cut = createCutter(limits);
  // A request's body has no encoding set, so it comes as bytes.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const lines = cut.add(chunk);
    if (lines.length > 0) yield lines;
    if (cut.full()) return;
  }
  const last = cut.end();
  if (last.length > 0) yield last;
}

function createCutter({ lineBytesMax, linesMax }: LinesLimits) {
  let parts: Buffer[] = [];
  let bytes = 0;
  let count = 0;

  const finish = (lines: Line[]) => {
    const line = parts.length === 1 ? parts[0] : Buffer.concat(parts);
    const tooLong = bytes > lineBytesMax;
    parts = [];
    bytes = 0;
    const trimmed = line === undefined ? null : trim(line);
    if (!tooLong && (trimmed === null || trimmed.length === 0)) return;
    count += 1;
    if (count > linesMax) lines.push({ kind: 'too_many' });
    else lines.push(tooLong || trimmed === null ? { kind: 'too_long' } : { kind: 'line', bytes: trimmed });
  };
  const keep = (part: Buffer) => {
    bytes += part.length;
    if (bytes <= lineBytesMax) parts.push(part);
    else parts = [];
  };
  return {
    full: () => count > linesMax,
    add: (chunk: Buffer): Line[] => {
      const lines: Line[] = [];
      let start = 0;
      for (let at = chunk.indexOf(NEWLINE); at !== -1 && count <= linesMax; at = chunk.indexOf(NEWLINE, start)) {
        keep(chunk.subarray(start, at));
        finish(lines);
        start = at + 1;
      }
      if (count <= linesMax) keep(chunk.subarray(start));
      return lines;
    },
    end: (): Line[] => {
      const lines: Line[] = [];
      if (bytes > 0 && count <= linesMax) finish(lines);
      return lines;
    },
  };
}

function trim(line: Buffer): Buffer {
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}
