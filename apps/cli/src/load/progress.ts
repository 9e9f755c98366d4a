// Shows how far a long command is: a bar on a terminal, a line now and then elsewhere.

import { Presets, SingleBar } from 'cli-progress';

/** Without a terminal a line is printed each time this much more of the whole is done. */
const LINE_SHARE = 0.1;

export interface Progress {
  readonly start: (label: string, total: number) => void;
  readonly advance: () => void;
  /** Ends the current stage; safe to call when none is open. */
  readonly stop: () => void;
}

export const silentProgress: Progress = { start: () => {}, advance: () => {}, stop: () => {} };

/** A bar on `stream` when it is a terminal, else plain lines. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? barProgress(stream) : lineProgress(stream);
}

function barProgress(stream: NodeJS.WriteStream): Progress {
  let bar: SingleBar | null = null;
  const stop = (): void => {
    bar?.stop();
    bar = null;
  };
  return {
    start: (label, total) => {
      stop();
      const format = `${label.padEnd(10)} {bar} {percentage}% | {value}/{total} | {duration_formatted}`;
      bar = new SingleBar({ format, stream, hideCursor: true, gracefulExit: false }, Presets.shades_classic);
      bar.start(total, 0);
    },
    advance: () => bar?.increment(),
    stop,
  };
}

function lineProgress(stream: NodeJS.WriteStream): Progress {
  let stage = { label: '', total: 0, done: 0, next: 0 };
  return {
    start: (label, total) => {
      stage = { label, total, done: 0, next: Math.ceil(total * LINE_SHARE) };
    },
    advance: () => {
      stage.done += 1;
      if (stage.done < stage.next && stage.done < stage.total) return;
      stage.next += Math.ceil(stage.total * LINE_SHARE);
      const numbers = `${stage.done.toLocaleString('en-US')} of ${stage.total.toLocaleString('en-US')}`;
      stream.write(`${stage.label}: ${numbers}\n`);
    },
    stop: () => {},
  };
}
