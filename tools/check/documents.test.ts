// Shows what a document may say of the code, and that the rest is found with file and line.
import { describe, expect, it } from 'vitest';
import { checkDocuments } from './documents.ts';

const code = { path: 'libs/a/src/a.ts', text: 'export function makeA(): void {}\nconst LIMIT = 1;\n' };

function findingsOf(text: string, path = 'docs/tour.md'): string[] {
  const there = new Set([code.path, path, 'libs/a', 'README.md']);
  const { findings } = checkDocuments([code, { path, text }, { path: 'x.md', text: '[x](README.md)' }], (file) =>
    there.has(file),
  );
  return findings.map(({ file, line, problem }) => `${file}:${line} ${problem}`);
}

describe('accepted', () => {
  it.each([
    'see [a](../libs/a/src/a.ts) and [its folder](../libs/a)',
    'read [`makeA`](../libs/a/src/a.ts), bounded by [`LIMIT`](../libs/a/src/a.ts)',
    'back to [the top](../README.md#two-commands) or [here](#here)',
    'the [outside](https://example.org/a.ts) is not ours to judge',
    '```md\n[an example](nowhere.md)\n```',
  ])('%s', (text) => {
    expect(findingsOf(text)).toEqual([]);
  });
});

describe('refused', () => {
  it('a link to nothing', () => {
    expect(findingsOf('one\n\n[a](../libs/b.ts)')).toEqual(['docs/tour.md:3 links to libs/b.ts, which is not there']);
  });

  it('a link out of the project', () => {
    expect(findingsOf('[a](../secret.md)', 'README.md')).toEqual([
      'README.md:1 links to ../secret.md, which is not there',
    ]);
  });

  it('a name that the file does not define', () => {
    expect(findingsOf('[`makeB`](../libs/a/src/a.ts)')).toEqual([
      'docs/tour.md:1 names makeB, which libs/a/src/a.ts does not define',
    ]);
  });

  it('a project in which nothing links to anything', () => {
    expect(checkDocuments([code]).failed).toBe(true);
  });
});
