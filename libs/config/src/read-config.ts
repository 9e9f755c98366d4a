// Decides whether an environment describes a runnable process, and says all that is wrong with one that does not.
import type { Static, TObject, TProperties, TSchema } from 'typebox';
import { Default, Errors } from 'typebox/value';
import { ConfigError } from './config-error.ts';
import type { ConfigFault } from './config-error.ts';
import { parseText, propertyOf } from './parse-text.ts';

/** EX_CONFIG of sysexits.h: a supervisor need not start the process again, for nothing will have changed. */
export const CONFIG_EXIT_CODE = 78;

/**
 * The environment as the schema describes it. Text becomes whole numbers, booleans (`true`, `false`) and lists (separated
 * by commas); an empty variable counts as not set; variables the schema does not name are ignored.
 * @throws ConfigError that lists every fault with its remedy
 */
export function readConfig<T extends TProperties>(
  schema: TObject<T>,
  environment: NodeJS.ProcessEnv,
): Static<TObject<T>> {
  const given = Object.entries<TSchema>(schema.properties).flatMap(([name, property]) => {
    const text = environment[name]?.trim();
    return text === undefined || text === '' ? [] : [[name, parseText(property, text)] as const];
  });
  // Default() fills properties of the object it is given and returns it.
  const config = Default(schema, Object.fromEntries(given)) as Record<string, unknown>;
  const faults = [...shapeFaults(schema, config), ...requirementFaults(schema, new Set(given.map(([name]) => name)))];
  if (faults.length > 0) throw new ConfigError(faults);
  // No property has a fault, which is what the static type says.
  return config as Static<TObject<T>>;
}

/** For `main.ts`: as `readConfig`, but prints the faults for a person and ends the process. */
export function readConfigOrExit<T extends TProperties>(
  schema: TObject<T>,
  environment: NodeJS.ProcessEnv,
): Static<TObject<T>> {
  try {
    return readConfig(schema, environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(CONFIG_EXIT_CODE);
  }
}

/** Property by property, for a check of the whole object stops counting errors before it has named every variable. */
function shapeFaults(schema: TObject, config: Record<string, unknown>): ConfigFault[] {
  const required = new Set<string>(schema.required);
  return Object.entries<TSchema>(schema.properties).flatMap(([name, property]) => {
    const value = config[name];
    const problem = value === undefined ? missingProblem(required.has(name)) : firstProblem(property, value);
    return problem === null ? [] : [{ name, problem, remedy: remedyOf(schema, name) }];
  });
}

function missingProblem(required: boolean): string | null {
  return required ? 'is not set' : null;
}

function firstProblem(property: TSchema, value: unknown): string | null {
  const [error] = Errors(property, value);
  return error === undefined ? null : problemOf(error.keyword, error.message);
}

function problemOf(keyword: string, message: string): string {
  switch (keyword) {
    case 'const':
    case 'anyOf':
    case 'enum':
      return 'is not one of the allowed values';
    case 'pattern':
    case 'format':
      return 'does not have the right form';
    case 'type':
      return message
        .replace('must be integer', 'is not a whole number')
        .replace('must be boolean', 'is not true or false');
    default:
      return message.replace(/^must be\b/, 'is not').replace(/^must not have\b/, 'has');
  }
}

function requirementFaults(schema: TObject, given: ReadonlySet<string>): ConfigFault[] {
  const missing = new Map<string, string>();
  for (const name of given) {
    for (const required of propertyOf(schema.properties[name] ?? {}).requires ?? []) {
      if (!given.has(required)) missing.set(required, `is not set, but ${name} is and needs it`);
    }
  }
  return [...missing].map(([name, problem]) => ({ name, problem, remedy: remedyOf(schema, name) }));
}

function remedyOf(schema: TObject, name: string): string {
  const { description, examples } = propertyOf(schema.properties[name] ?? {});
  const example = examples?.[0] === undefined ? '' : `, e.g. ${examples[0]}`;
  return `Set it to ${description ?? 'a valid value'}${example}.`;
}
