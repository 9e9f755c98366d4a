/**
 * Keeps the classes that a Java service has loaded in an archive, which its next start maps into memory (JEP 350): loading
 * them was half of the broker's start and two thirds of the registry's.
 */

import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export interface ClassArchive {
  /** For the command line of the service. */
  readonly args: readonly string[];
  /** To be called when the service has ended: it writes the archive as its last act, and one that was killed writes none. */
  readonly keep: () => void;
}

export interface ClassArchiveOptions {
  /** Holds the jars; another version of them is another folder. */
  readonly folder: string;
  readonly name: string;
  /** What this Java calls itself: it refuses archives of another one. */
  readonly javaRelease: string;
}

/** Classes of the libraries that cannot be archived are nobody's concern. */
const QUIETLY = '-Xlog:cds*=off';

export function classArchive({ folder, name, javaRelease }: ClassArchiveOptions): ClassArchive {
  const path = join(folder, `${name}-${javaRelease}.jsa`);
  if (existsSync(path)) return { args: [`-XX:SharedArchiveFile=${path}`, QUIETLY], keep: () => undefined };
  const partial = `${path}.${process.pid}.partial`;
  return {
    args: [`-XX:ArchiveClassesAtExit=${partial}`, QUIETLY],
    keep: () => {
      if (!existsSync(partial)) return;
      // Two stacks may have written one each; either will do.
      if (existsSync(path)) rmSync(partial, { force: true });
      else renameSync(partial, path);
    },
  };
}
