/** Gives every room its target `test` in Nx, cached by what the room and the rooms it uses contain. */

import { posix } from 'node:path';

/**
 * Unit tests only: those against real services are run by `npm test`, which starts the services, and are never cached.
 * Plain JavaScript, since Nx loads its plug-ins before anything strips types.
 */
export const createNodesV2 = [
  '{apps/*,libs/*,topics}/package.json',
  (/** @type {readonly string[]} */ manifests) =>
    manifests.map((manifest) => [manifest, roomOf(posix.dirname(manifest))]),
];

/** @param {string} root */
function roomOf(root) {
  const test = {
    command: `vitest run --project unit --passWithNoTests ${root}/`,
    cache: true,
    inputs: ['room', '^room', 'settings'],
    outputs: [],
  };
  return { projects: { [root]: { root, targets: { test } } } };
}
