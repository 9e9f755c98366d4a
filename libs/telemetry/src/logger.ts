// Owns how a log line looks: JSON on standard output, cleaned of persons and secrets whoever wrote it.
import { pino } from 'pino';
import type { Logger as PinoLogger } from 'pino';
import { cleanFields, cleanText } from './clean.ts';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Logger {
  trace: LogMethod;
  debug: LogMethod;
  info: LogMethod;
  warn: LogMethod;
  error: LogMethod;
  fatal: LogMethod;
  /** A logger that adds these fields to every line. */
  child(fields: Record<string, unknown>): Logger;
}

export interface LogMethod {
  /** Fields first, an error as `err`, then a plain sentence. */
  (fields: Record<string, unknown>, message: string): void;
  (message: string): void;
}

export interface LoggerOptions {
  name: string;
  /** Defaults to `info`. */
  level?: string;
  /** Where lines go; standard output unless a test listens. */
  destination?: { write(line: string): void };
}

/** A logger whose lines are written before the call returns, so that a killed process has said its last word. */
export function createLogger({ name, level = 'info', destination }: LoggerOptions): Logger {
  const options = {
    name,
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    // An error is already plain fields when pino meets it.
    serializers: { err: (error: unknown) => error },
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return cleaning(pino(options, destination ?? pino.destination({ fd: 1, sync: true })));
}

/** Cleans in front of pino, for its own hooks leave out the fields of children. */
function cleaning(inner: PinoLogger): Logger {
  const methodOf =
    (level: Exclude<LogLevel, 'silent'>) => (fields: Record<string, unknown> | string, message?: string) => {
      if (!inner.isLevelEnabled(level)) return;
      if (typeof fields === 'string') inner[level](cleanText(fields));
      else inner[level](cleanFields(fields), cleanText(message ?? ''));
    };
  return {
    trace: methodOf('trace'),
    debug: methodOf('debug'),
    info: methodOf('info'),
    warn: methodOf('warn'),
    error: methodOf('error'),
    fatal: methodOf('fatal'),
    child: (fields) => cleaning(inner.child(cleanFields(fields))),
  };
}
