// Turns the text of one environment variable into the value its schema describes.
import type { TSchema } from 'typebox';

const WHOLE_NUMBER = /^[+-]?\d+$/;

/** The part of JSON Schema that an environment variable uses, and what this room adds to it. */
export interface PropertySchema {
  type?: string;
  /** What it is, as it reads after "Set it to", e.g. `the port to listen on`. */
  description?: string;
  examples?: readonly (string | number)[];
  /** Other variables that must be set when this one is. */
  requires?: readonly string[];
}

/** TypeBox schemas are JSON Schema objects; this is the view of one that reads its keywords. */
export function propertyOf(schema: TSchema): PropertySchema {
  return schema;
}

/** Text that does not have the schema's form is returned as it is, so that the check afterwards names the fault. */
export function parseText(schema: TSchema, text: string): unknown {
  switch (propertyOf(schema).type) {
    case 'integer':
      return WHOLE_NUMBER.test(text) ? Number(text) : text;
    case 'number':
      return Number.isFinite(Number(text)) ? Number(text) : text;
    case 'boolean':
      if (text === 'true' || text === '1') return true;
      return text === 'false' || text === '0' ? false : text;
    case 'array':
      return text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '');
    default:
      return text;
  }
}
