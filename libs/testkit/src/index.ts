/** What tests need to meet the real broker, registry and database, and valid data to send. */

export * from './builders.ts';
export type { Move } from './random-operations.ts';
export { aMove, operationsOf } from './random-operations.ts';
export { selfSignedPair } from './self-signed.ts';
export { createTestDatabase } from './test-database.ts';
export type { TestDatabase } from './test-database.ts';
export { randomId, randomName } from './test-ids.ts';
export { createTestMessaging } from './test-messaging.ts';
export type { TestMessaging, TestMessagingOptions } from './test-messaging.ts';
export { testServices } from './test-services.ts';
export type { TestServices } from './test-services.ts';
