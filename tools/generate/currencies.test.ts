// The committed table of currencies is what the generator makes of ISO's list.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readIsoList, renderCurrencies } from './currencies.ts';

test('libs/money/src/iso-4217.ts is up to date', () => {
  const committed = readFileSync(new URL('../../libs/money/src/iso-4217.ts', import.meta.url), 'utf8');
  expect(committed, 'run: node tools/generate/currencies.ts').toBe(renderCurrencies(readIsoList()));
});

test('text that is not a list is refused', () => {
  expect(() => renderCurrencies('<ISO_4217 Pblshd="2024-06-25"></ISO_4217>')).toThrow('not a list of ISO 4217');
});
