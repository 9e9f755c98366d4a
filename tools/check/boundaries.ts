// Keeps knowledge pointing inward: who may import whom, and what each room has to declare.
import { posix } from 'node:path';
import type { CheckResult, Finding } from './finding.ts';
import { resultOf } from './finding.ts';
import type { Import } from './imports.ts';
import { importsOf, isNodeModule, isRelative, packageOf } from './imports.ts';
import { hidingRoomOf, layerOf, mayImport, roomOf } from './rooms.ts';
import type { SourceFile } from './source-files.ts';
import { isTest } from './source-files.ts';

const OWN_SCOPE = '@paystream/';
const TESTKIT = 'libs/testkit';

/** What a room's package.json, and the root's, say about packages. */
interface Manifest {
  name: string;
  dependencies: ReadonlySet<string>;
  devDependencies: ReadonlySet<string>;
}

/** Everything a rule needs to judge one import. */
interface Case {
  file: string;
  room: string;
  test: boolean;
  import: Import;
  manifests: ReadonlyMap<string, Manifest>;
}

type Verdict = { problem: string; remedy: string } | null;

/** Judges every import of every source file given. */
export function checkBoundaries(files: readonly SourceFile[]): CheckResult {
  const manifests = readManifests(files);
  const sources = files.filter(({ path }) => /\.(?:ts|js)$/.test(path) && roomOf(path) !== null);
  const findings = sources.flatMap((file) => judgeFile(file, manifests));
  return resultOf([...unplacedRooms(manifests), ...findings, ...roomCycles(sources)], sources.length, 'files');
}

function judgeFile(file: SourceFile, manifests: ReadonlyMap<string, Manifest>): Finding[] {
  const room = roomOf(file.path);
  if (room === null) return [];
  return importsOf(file).flatMap((found) => {
    const judged: Case = { file: file.path, room, test: isTest(file.path), import: found, manifests };
    const verdict = judge(judged);
    return verdict === null ? [] : [{ file: file.path, line: found.line, ...verdict }];
  });
}

function judge(judged: Case): Verdict {
  const { specifier } = judged.import;
  if (isRelative(specifier)) return judgeRelative(judged);
  if (isNodeModule(specifier)) return judgeNode(judged);
  if (specifier.startsWith(OWN_SCOPE)) return judgeRoom(judged) ?? judgeDeclared(judged);
  return judgePackage(judged) ?? judgeDeclared(judged);
}

function judgeRelative({ file, room, import: { specifier } }: Case): Verdict {
  const target = posix.normalize(posix.join(posix.dirname(file), specifier));
  // The bin runs before anything is installed, when no package has a name yet.
  const beforeInstall = file.startsWith('apps/cli/bin/') && target.startsWith('tools/bootstrap/');
  if (roomOf(target) !== room && !beforeInstall) {
    return {
      problem: `imports ${target} of another room by a relative path`,
      remedy: 'import the package by its name',
    };
  }
  if (!/\.(?:ts|js|json)$/.test(specifier)) {
    return {
      problem: `imports ${specifier} without its ending`,
      remedy: 'write the file’s whole name, `.ts` included',
    };
  }
  return null;
}

function judgeNode({ room, test, import: { specifier } }: Case): Verdict {
  if (test || (layerOf(room) !== 'domain' && room !== 'libs/proof')) {
    return specifier.startsWith('node:')
      ? null
      : { problem: `imports ${specifier} of Node by its bare name`, remedy: `write node:${specifier}` };
  }
  return {
    problem: `the room ${room} imports ${specifier}, but decides without looking at the world`,
    remedy: 'take what it gives as an argument',
  };
}

function judgeRoom({ room, test, manifests, import: { specifier } }: Case): Verdict {
  const target = [...manifests].find(([, { name }]) => name === packageOf(specifier))?.[0];
  if (target === undefined)
    return { problem: `imports ${specifier}, which is no room`, remedy: 'see the rooms in libs/' };
  if (specifier !== packageOf(specifier)) {
    return { problem: `reaches into ${target} past its index`, remedy: `import ${packageOf(specifier)}` };
  }
  if (target === TESTKIT && !test && room !== TESTKIT) {
    return { problem: 'imports the testkit outside a test', remedy: 'move what is needed out of the testkit' };
  }
  const free = room === 'tools' || (test && target === TESTKIT) || mayImport(room, target);
  // Tests of a room may look at rooms further out to set a scene, but never at an app.
  if (free || (test && layerOf(target) !== 'app')) return null;
  return {
    problem: `${room} (${layerOf(room) ?? 'no layer'}) may not know ${target} (${layerOf(target) ?? 'no layer'})`,
    remedy: 'turn the dependency around, or hand the value in as a parameter',
  };
}

function judgePackage({ room, test, import: { specifier } }: Case): Verdict {
  const hiding = hidingRoomOf(packageOf(specifier));
  if (hiding === null || hiding === room || (test && room === hiding)) return null;
  return {
    problem: `imports ${specifier}, which only ${hiding} knows`,
    remedy: `use what @paystream/${hiding.slice(5)} offers`,
  };
}

function judgeDeclared({ room, test, manifests, import: { specifier } }: Case): Verdict {
  const name = packageOf(specifier);
  const root = manifests.get('.');
  const own = manifests.get(room) ?? root;
  if (own?.name === name || own?.dependencies.has(name) === true) return null;
  // Tools are the root's own and run from a complete install.
  if (room === 'tools' && (root?.devDependencies.has(name) === true || specifier.startsWith(OWN_SCOPE))) return null;
  if (test && (own?.devDependencies.has(name) === true || root?.devDependencies.has(name) === true)) return null;
  // The testkit depends on most rooms; declaring it in each would make a cycle of packages.
  if (test && name === `${OWN_SCOPE}testkit`) return null;
  const where = room === 'tools' ? 'package.json' : `${room}/package.json`;
  return {
    problem: `imports ${name}, which ${where} does not declare`,
    remedy: `add it there${test ? '' : ' to dependencies'}`,
  };
}

function unplacedRooms(manifests: ReadonlyMap<string, Manifest>): Finding[] {
  return [...manifests.keys()]
    .filter((room) => room !== '.' && layerOf(room) === undefined)
    .map((room) => ({
      file: `${room}/package.json`,
      line: 1,
      problem: `the room ${room} has no layer`,
      remedy: 'give it one in tools/check/rooms.ts',
    }));
}

function roomCycles(sources: readonly SourceFile[]): Finding[] {
  const edges = new Map<string, Map<string, { file: string; line: number }>>();
  for (const file of sources.filter(({ path }) => !isTest(path))) {
    const room = roomOf(file.path);
    for (const { specifier, line } of importsOf(file)) {
      if (room === null || !specifier.startsWith(OWN_SCOPE)) continue;
      const name = specifier.slice(OWN_SCOPE.length);
      const target = name === 'topics' ? name : `libs/${name}`;
      if (target === room) continue;
      const targets = edges.get(room) ?? new Map<string, { file: string; line: number }>();
      edges.set(room, targets.set(target, { file: file.path, line }));
    }
  }
  const reaches = (from: string, to: string, seen: Set<string>): boolean =>
    [...(edges.get(from)?.keys() ?? [])].some(
      (next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))),
    );
  return [...edges].flatMap(([from, targets]) =>
    [...targets]
      .filter(([to]) => reaches(to, from, new Set()))
      .map(([to, place]) => ({
        ...place,
        problem: `${from} and ${to} import each other, directly or on the way`,
        remedy: 'move what both need further in',
      })),
  );
}

function readManifests(files: readonly SourceFile[]): Map<string, Manifest> {
  const manifests = files.filter(
    ({ path }) => path === 'package.json' || /^(?:libs|apps)\/[^/]+\/package\.json$|^topics\/package\.json$/.test(path),
  );
  return new Map(
    manifests.map(({ path, text }) => {
      // npm itself has read this file before any check can run.
      const read = JSON.parse(text) as { name: string; dependencies?: object; devDependencies?: object };
      const manifest = {
        name: read.name,
        dependencies: new Set(Object.keys(read.dependencies ?? {})),
        devDependencies: new Set(Object.keys(read.devDependencies ?? {})),
      };
      return [posix.dirname(path), manifest];
    }),
  );
}
