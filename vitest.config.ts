/** Which tests there are, by the price in their suffix, and what each kind may take. */

import { defineConfig } from 'vitest/config';

const UNIT = '{apps,libs,topics,tools}/**/*.test.ts';
const INTEGRATION = '{apps,libs,topics,tools}/**/*.int.test.ts';
const PIPELINE = '{apps,libs,topics,tools}/**/*.e2e.test.ts';
const NEVER = ['**/node_modules/**', '**/.paystream/**'];

/** Breaks one source file on purpose, as a test that must be able to fail asks for: apps/accounts/src/ledger-mutations.test.ts. */
function mutation() {
  const { file, find, replace } = JSON.parse(process.env.PAYSTREAM_MUTATION ?? '{}') as Record<string, string>;
  return {
    name: 'mutation',
    enforce: 'pre' as const,
    transform: (code: string, id: string): string | null => {
      if (file === undefined || find === undefined || !id.endsWith(file)) return null;
      if (code.split(find).length !== 2) throw new Error(`${file} does not hold once: ${find}`);
      return code.replace(find, () => replace ?? '');
    },
  };
}

export default defineConfig({
  plugins: [mutation()],
  test: {
    // Rooms are Node's own to load, unless one is to be broken; and what is broken is not to be found again by others.
    ...(process.env.PAYSTREAM_MUTATION === undefined
      ? {}
      : { fsModuleCache: false, server: { deps: { inline: [/libs\/ledger/] } } }),
    pool: 'forks',
    // Two files at a time: the broker, the registry and the database share the same cores.
    maxWorkers: 2,
    // The cheap ones first: a broken rule shows before the first service is asked.
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [UNIT],
          exclude: [...NEVER, INTEGRATION, PIPELINE],
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: [INTEGRATION],
          exclude: NEVER,
          globalSetup: ['libs/testkit/src/require-services.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'pipeline',
          include: [PIPELINE],
          exclude: NEVER,
          globalSetup: ['libs/testkit/src/require-services.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
