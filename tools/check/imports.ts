// Reads which modules a source file imports, and where it says so.
import { builtinModules } from 'node:module';
import type { SourceFile } from './source-files.ts';
import { lineAt, withoutComments } from './source-files.ts';

export interface Import {
  /** As written: `./money.ts`, `pg`, `@paystream/money`, `node:fs`. */
  specifier: string;
  line: number;
}

const STATIC = /^[ \t]*(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"\n]+)['"]/gm;
const BARE = /^[ \t]*import\s*['"]([^'"\n]+)['"]/gm;
const DYNAMIC = /\bimport\s*\(\s*['"]([^'"\n]+)['"]\s*\)/g;

/** Every import of a file, types included, in the order of its lines. */
export function importsOf({ text }: SourceFile): Import[] {
  const code = withoutComments(text);
  const found = [STATIC, BARE, DYNAMIC].flatMap((pattern) =>
    [...code.matchAll(pattern)].map((match) => {
      const specifier = match[1] ?? '';
      return { specifier, line: lineAt(code, match.index + match[0].lastIndexOf(specifier)) };
    }),
  );
  return found.toSorted((a, b) => a.line - b.line);
}

export function isRelative(specifier: string): boolean {
  return specifier.startsWith('.');
}

export function isNodeModule(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier);
}

/** Name of the package of a bare specifier: `@a/b/c` is of `@a/b`, `x/y` of `x`. */
export function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
