/** Refuses to run tests of real services without them, before the first test: nothing is ever skipped silently. */

import { testServices } from './test-services.ts';

/** Called by Vitest once per project, before its tests. */
export default function requireServices(): void {
  testServices();
}
