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

test('opens and recognises what the first version sealed and digested', () => {
  const bytes = (text: string) => Buffer.from(text, 'base64');
  const first = createVault(Buffer.alloc(32, 7));
  const firstKey = bytes('AcSIL561IiTuJvIJQvJ7AEgZE0YXA9mOTus79s2i0idh5Wbt+Hebn3G3zpskmWDs5dvqA6p8RG/JHduD6Q==');
  const sealed = bytes('AYcOIF/kB4k6VurpHyRaWFoYZuxDqd7X0zpK0M23fqzjpw7YfIp7QNuc6No=');
  expect(first.open(firstKey, sealed)).toBe('ada@example.org');
  expect(first.digest('keys', 'x').toString('base64')).toBe('YtdN3KfOtqSSlnxBrfpA9AUd8997ly3FzuV9Iz/AsTY=');
});

test('refuses a master key of another length', () => {
  expect(() => createVault(randomBytes(16))).toThrow(RangeError);
});

test('gives each purpose a digest of its own, the same every time', () => {
  expect(vault.digest('keys', 'x').equals(vault.digest('keys', 'x'))).toBe(true);
  expect(vault.digest('keys', 'x').equals(vault.digest('others', 'x'))).toBe(false);
});
