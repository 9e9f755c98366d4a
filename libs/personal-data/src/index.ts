// Keeps what is known of persons sealed at rest, each customer under a key of their own, so that erasing is losing a key.
export { CannotOpenError } from './errors.ts';
export { looksLikeCardNumber } from './card-numbers.ts';
export type { Vault } from './vault.ts';
export { createVault, MASTER_KEY_BYTES } from './vault.ts';
