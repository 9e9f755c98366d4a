// Knows the published test numbers of the card schemes, and what people write around them.
import { expect, test } from 'vitest';
import { looksLikeCardNumber } from './index.ts';

test.each([
  '4111111111111111',
  '4111 1111 1111 1111',
  '4111-1111-1111-1111',
  '4111.1111.1111.1111',
  'card 378282246310005, thanks',
  '5555555555554444',
  '6011111111111117',
  '4222222222222',
  '6304000000000000000',
  'order 12 4111 1111 1111 1111 12/27',
  '4111 1111 1111 1111 123',
  '2661e027-d507-4587-9412-707bdc922c0e 4111111111111111',
])('refuses %s', (text) => {
  expect(looksLikeCardNumber(text)).toBe(true);
});

test.each([
  '',
  'a book, 2 pens',
  '4111111111111112',
  '411111111111',
  '12345678901234567890',
  '2026-09-01T10:00:00Z',
  '+49 30 1234567',
  'INV-2026-000123',
  '2661e027-d507-4587-9412-707bdc922c0e',
  'order 7BF2B519-68CD-4121-8487-131798B3D8A5',
  'pay_2a1c273eb7f3490891226168329af417',
])('lets %s through', (text) => {
  expect(looksLikeCardNumber(text)).toBe(false);
});
