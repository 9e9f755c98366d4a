// Tries to open what must stay shut.
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { CannotOpenError, createVault } from './index.ts';

const vault = createVault(randomBytes(32));
const { sealedKey } = vault.newCustomerKey();

test.each(['', 'ada@example.org', 'Zoë 🦊', 'x'.repeat(10_000)])('opens what it sealed: %#', (text) => {
  expect(vault.open(sealedKey, vault.seal(sealedKey, text))).toBe(text);
});

test('seals the same text to different bytes, in which the text does not appear', () => {
  const first = vault.seal(sealedKey, 'ada@example.org');
  expect(first.equals(vault.seal(sealedKey, 'ada@example.org'))).toBe(false);
  expect(first.includes('ada')).toBe(false);
});

test('does not open with the key of another customer', () => {
  const sealed = vault.seal(sealedKey, 'secret');
  expect(() => vault.open(vault.newCustomerKey().sealedKey, sealed)).toThrow(CannotOpenError);
});

test('does not open under another master key', () => {
  const sealed = vault.seal(sealedKey, 'secret');
  expect(() => createVault(randomBytes(32)).open(sealedKey, sealed)).toThrow(CannotOpenError);
});

test('notices a change of any single byte', () => {
  const sealed = vault.seal(sealedKey, 'secret');
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed.writeUInt8((changed.readUInt8(at) + 1) % 256, at);
    expect(() => vault.open(sealedKey, changed)).toThrow(CannotOpenError);
  }
});

test('refuses bytes that are too short to be anything', () => {
  expect(() => vault.open(sealedKey, Buffer.alloc(0))).toThrow(CannotOpenError);
  expect(() => vault.open(sealedKey, Buffer.of(1, 2, 3))).toThrow(CannotOpenError);
});

test('refuses a master key of another length', () => {
  expect(() => createVault(randomBytes(16))).toThrow(RangeError);
});

test('gives each purpose a digest of its own, the same every time', () => {
  expect(vault.digest('keys', 'x').equals(vault.digest('keys', 'x'))).toBe(true);
  expect(vault.digest('keys', 'x').equals(vault.digest('others', 'x'))).toBe(false);
});
