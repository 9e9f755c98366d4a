// Keeps the table of errors honest.
import { expect, test } from 'vitest';
import type { ErrorCode } from './index.ts';
import { errors, problemOf } from './index.ts';

const codes = Object.keys(errors) as ErrorCode[]; // the table's keys are its codes

test.each(codes)('%s is an error of RFC 9457 with our members', (code) => {
  const problem = problemOf(code, {}, 'req_1');
  expect(problem.status).toBeGreaterThanOrEqual(400);
  expect(problem.type.endsWith(code)).toBe(true);
  expect(problem).toMatchObject({ code, instance: 'req_1', param: null, payment_id: null });
  expect(problem.retryable).toBe(problem.retry_after_ms !== null);
});

test('what may pass later says when, and nothing else does', () => {
  const retryable = codes.filter((code) => problemOf(code, {}, null).retryable).map((code) => errors[code].status);
  expect([...new Set(retryable)].toSorted((a, b) => a - b)).toEqual([408, 409, 429, 500, 503]);
});
