// Owns how a log line looks: JSON on standard output, cleaned of persons and secrets whoever wrote it.
import { pino } from 'pino';
import type { DestinationStream } from 'pino';
import { cleanFields, cleanText, cleanValue } from './clean.ts';

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
    // `cleanFields` already turns errors into plain fields.
    serializers: { err: (error: unknown) => error },
    formatters: {
      level: (label: string) => ({ level: label }),
      bindings: cleanFields,
      log: cleanFields,
    },
    hooks: {
      logMethod(this: unknown, parameters: unknown[], method: (...parameters: never[]) => void) {
        const cleaned = parameters.map((parameter) =>
          typeof parameter === 'string'
            ? cleanText(parameter)
            : parameter instanceof Error
              ? cleanValue(parameter)
              : parameter,
        );
        // The parameters keep their number and order, so they still fit the method pino gave us.
        method.apply(this, cleaned as never[]);
      },
    },
  };
  const stream: DestinationStream = destination ?? pino.destination({ fd: 1, sync: true });
  return pino(options, stream);
}
