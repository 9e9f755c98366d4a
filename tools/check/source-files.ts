// Finds the project's own text files: what git ignores, and what was generated or downloaded, is not ours to judge.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const PROJECT_FOLDER = new URL('../../', import.meta.url);

const FOREIGN_FOLDERS: ReadonlySet<string> = new Set([
  'node_modules',
  '.git',
  '.nx',
  '.paystream',
  '.cache',
  'coverage',
  'data',
]);
const FOREIGN_FILES: ReadonlySet<string> = new Set(['package-lock.json', 'generated.ts', 'asyncapi.json']);
const TEXT_ENDINGS = /\.(?:ts|js|json|sql|md|yml|yaml|sh|py|txt|xml|properties|avsc)$|(?:Dockerfile|\.ci\/run)$/;

export interface SourceFile {
  /** Path from the project's folder, with `/`. */
  path: string;
  text: string;
}

/** Every text file of the project, sorted by path. */
export function readSourceFiles(root: URL = PROJECT_FOLDER): SourceFile[] {
  const base = fileURLToPath(root);
  return listFiles(base, '')
    .toSorted()
    .map((path) => ({ path, text: readFileSync(`${base}/${path}`, 'utf8') }));
}

function listFiles(base: string, folder: string): string[] {
  return readdirSync(`${base}/${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return FOREIGN_FOLDERS.has(entry.name) ? [] : listFiles(base, path);
    return entry.isFile() && TEXT_ENDINGS.test(path) && !FOREIGN_FILES.has(entry.name) ? [path] : [];
  });
}

export function isTypeScript({ path }: SourceFile): boolean {
  return path.endsWith('.ts');
}

/** Tests and what only tests use; they may reach further than the code they test. */
export function isTest(path: string): boolean {
  return /\.test\.ts$|\/testing\//.test(path);
}

/** The text with comments blanked out, every line where it was. */
export function withoutComments(text: string): string {
  // Strings and templates are matched first, so that a `//` in a URL is not taken for a comment.
  const parts = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return text.replace(parts, (part) => (/^\/[/*]/.test(part) ? part.replace(/[^\n]/g, ' ') : part));
}

export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
