// Cuts a stream of bytes into lines, none longer than a limit and no more of them, in lines or in bytes, than others.
import type { Readable } from 'node:stream';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export interface LinesLimits {
  lineBytesMax: number;
  linesMax: number;
  /** Of the whole stream, line ends and empty lines too. */
  bytesMax: number;
}

/** A line as it came, or why it did not: too long, or beyond what there may be (the last thing that is said). */
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

function createCutter({ lineBytesMax, linesMax, bytesMax }: LinesLimits) {
  let parts: Buffer[] = [];
  let bytes = 0;
  let count = 0;
  let total = 0;
  let full = false;

  const end = (lines: Line[]) => {
    full = true;
    lines.push({ kind: 'too_many' });
  };
  const finish = (lines: Line[]) => {
    const line = parts.length === 1 ? parts[0] : Buffer.concat(parts);
    const tooLong = bytes > lineBytesMax;
    parts = [];
    bytes = 0;
    const trimmed = line === undefined ? null : trim(line);
    if (!tooLong && (trimmed === null || trimmed.length === 0)) return;
    count += 1;
    if (count > linesMax) end(lines);
    else lines.push(tooLong || trimmed === null ? { kind: 'too_long' } : { kind: 'line', bytes: trimmed });
  };
  const keep = (part: Buffer) => {
    bytes += part.length;
    if (bytes <= lineBytesMax) parts.push(part);
    else parts = [];
  };
  return {
    full: () => full,
    add: (chunk: Buffer): Line[] => {
      const lines: Line[] = [];
      const taken = chunk.subarray(0, bytesMax - total);
      total += chunk.length;
      let start = 0;
      for (let at = taken.indexOf(NEWLINE); at !== -1 && !full; at = taken.indexOf(NEWLINE, start)) {
        keep(taken.subarray(start, at));
        finish(lines);
        start = at + 1;
      }
      if (full) return lines;
      if (total > bytesMax) end(lines);
      else keep(taken.subarray(start));
      return lines;
    },
    end: (): Line[] => {
      const lines: Line[] = [];
      if (bytes > 0 && !full) finish(lines);
      return lines;
    },
  };
}

function trim(line: Buffer): Buffer {
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}
