// Keeps documents true where a program can: every file they link to exists, and every name they quote from it stands there.
import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CheckResult, Finding } from './finding.ts';
import { resultOf } from './finding.ts';
import type { SourceFile } from './source-files.ts';
import { PROJECT_FOLDER, lineAt } from './source-files.ts';

/** `[text](target)`, outside of code. */
const LINK = /\[(?<text>[^\]]*)\]\((?<target>[^)\s]+)\)/g;
const CODE = /^```[\s\S]*?^```/gm;
const OUTSIDE = /^(?:[a-z][a-z+.-]*:|#)/i;
/** A link whose text is one quoted name says that the name is defined in the file it leads to. */
const QUOTED_NAME = /^`(?<name>[A-Za-z_$][\w$]*)`$/;

/** @param exists whether a path from the project's folder is there; asks the disk unless told otherwise */
export function checkDocuments(files: readonly SourceFile[], exists: (path: string) => boolean = isThere): CheckResult {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const links = files.filter(({ path }) => path.endsWith('.md')).flatMap(linksOf);
  const findings = links.flatMap((link) => findingOf(link, texts, exists) ?? []);
  return resultOf(findings, links.length, 'links');
}

interface Link {
  file: string;
  line: number;
  text: string;
  /** From the project's folder. */
  target: string;
}

function linksOf({ path, text }: SourceFile): Link[] {
  const prose = text.replace(CODE, (block) => block.replace(/[^\n]/g, ' '));
  return [...prose.matchAll(LINK)].flatMap((match) => {
    const { text: linkText = '', target = '' } = match.groups ?? {};
    if (OUTSIDE.test(target)) return [];
    const [withoutAnchor = ''] = target.split('#');
    const resolved = posix.normalize(posix.join(posix.dirname(path), decodeURIComponent(withoutAnchor)));
    return [{ file: path, line: lineAt(prose, match.index), text: linkText, target: resolved }];
  });
}

function findingOf(
  { file, line, text, target }: Link,
  texts: ReadonlyMap<string, string>,
  exists: (path: string) => boolean,
): Finding | null {
  if (!exists(target))
    return { file, line, problem: `links to ${target}, which is not there`, remedy: 'mend the link' };
  const name = QUOTED_NAME.exec(text)?.groups?.['name'];
  if (name === undefined || definition(name).test(texts.get(target) ?? '')) return null;
  return { file, line, problem: `names ${name}, which ${target} does not define`, remedy: 'name what is there now' };
}

function definition(name: string): RegExp {
  const escaped = name.replaceAll('$', '\\$');
  return new RegExp(`\\b(?:function\\*?|const|interface|type|class)\\s+${escaped}\\b`);
}

function isThere(path: string): boolean {
  return existsSync(fileURLToPath(new URL(path, PROJECT_FOLDER)));
}
