// Loads the operator's own screening, once, before anything is decided.
import { pathToFileURL } from 'node:url';
import { CONFIG_EXIT_CODE, ConfigError } from '@paystream/config';
import type { Screening } from './screening.ts';

const VARIABLE = 'PROCESSOR_SCREENING_MODULE';
const REMEDY = 'Set it to the path of an ES module like apps/processor/examples/screening-list.js.';

/** For `main.ts`: the screening of a module, or null without one; prints what is wrong and ends the process otherwise. */
export async function loadScreeningOrExit(path: string | undefined): Promise<Screening | null> {
  if (path === undefined) return null;
  try {
    return await loadScreening(path);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(CONFIG_EXIT_CODE);
  }
}

/**
 * The screening that a module exports.
 * @throws ConfigError when it cannot be loaded or exports something else
 */
export async function loadScreening(path: string): Promise<Screening> {
  const { screening } = await load(path);
  const { version, screen } = screening ?? {};
  // Both parts have just been looked at; and it is handed on whole, as it may have state.
  if (typeof version === 'bigint' && version >= 0n && typeof screen === 'function') return screening as Screening;
  throw unusable('names a module that does not export `screening` with a bigint `version` and a function `screen`');
}

async function load(path: string): Promise<{ screening?: Partial<Screening> }> {
  try {
    // Whatever a foreign module exports is looked at by the caller.
    return (await import(pathToFileURL(path).href)) as { screening?: Partial<Screening> };
  } catch (error) {
    throw unusable(`names a module that cannot be loaded (${String(error)})`);
  }
}

function unusable(problem: string): ConfigError {
  return new ConfigError([{ name: VARIABLE, problem, remedy: REMEDY }]);
}
