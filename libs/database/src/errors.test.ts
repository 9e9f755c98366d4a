// Checks that every kind of error asks for the right thing.
import { expect, it } from 'vitest';
import type { ErrorClass } from './errors.ts';
import { CommitUnknownError, InvariantError, classifyError } from './errors.ts';

const withCode = (code: string) => Object.assign(new Error('of the server'), { code });

it.each<[string, unknown, ErrorClass]>([
  ['serialization failure', withCode('40001'), 'transient'],
  ['deadlock', withCode('40P01'), 'transient'],
  ['lock not available', withCode('55P03'), 'transient'],
  ['statement timeout', withCode('57014'), 'transient'],
  ['idle in transaction', withCode('25P03'), 'transient'],
  ['shutdown', withCode('57P01'), 'transient'],
  ['disk full', withCode('53100'), 'transient'],
  ['a standby', withCode('25006'), 'transient'],
  ['no connection', withCode('ECONNREFUSED'), 'transient'],
  ['no address answers', new AggregateError([withCode('ECONNREFUSED')], 'all failed'), 'transient'],
  ['a connection that ended', new Error('Connection terminated unexpectedly'), 'transient'],
  ['a server that does not answer', new Error('Query read timeout'), 'transient'],
  ['a pool that is exhausted', new Error('timeout exceeded when trying to connect'), 'transient'],
  ['an unknown commit', new CommitUnknownError(null), 'transient'],
  ['an error that says so itself', Object.assign(new Error('registry'), { retriable: true }), 'transient'],
  ['a broken check', withCode('23514'), 'constraint'],
  ['a doubled key', withCode('23505'), 'constraint'],
  ['a trigger of ours', withCode('P0001'), 'constraint'],
  ['two rows for one place', withCode('21000'), 'constraint'],
  ['a failed invariant', new InvariantError('the books have parted'), 'constraint'],
  ['a sequence at its end', withCode('2200H'), 'fatal'],
  ['a value no column holds', withCode('22003'), 'data'],
  ['bytes that are no text', withCode('22021'), 'data'],
  ['division by zero', withCode('22012'), 'data'],
  ['a fault in the code that handles the record', new TypeError('of undefined'), 'data'],
  ['nothing at all', null, 'data'],
  ['a text', 'thrown as text', 'data'],
  ['a missing table', withCode('42P01'), 'fatal'],
  ['a missing right', withCode('42501'), 'fatal'],
  ['a wrong password', withCode('28P01'), 'fatal'],
  ['a missing database', withCode('3D000'), 'fatal'],
])('%s', (_what, error, expected) => {
  expect(classifyError(error)).toBe(expected);
});
