// Holds a topic's schema against every version ever released, since the log keeps records of all of them for good.
import { readdirSync, readFileSync } from 'node:fs';
import type { AvroRecord } from './avro.ts';
import { visitRecords } from './avro.ts';
import { incompatibilities } from './compatibility.ts';
import type { TopicFolder } from './topic-folders.ts';

/** A released version of a topic's schema. */
interface Release {
  version: number;
  schema: AvroRecord;
}

/**
 * What FULL_TRANSITIVE and our own rule (nothing is ever removed) forbid in this topic's schema.
 *
 * @returns sentences that name version, field and remedy; empty when the schema may be released
 */
export function historyFaults(topic: TopicFolder): string[] {
  const releases = readReleases(topic.folder);
  if (releases.length === 0) return ['history/ is empty; the first released version is history/1.avsc'];
  const gaps = releases
    .filter(({ version }, index) => version !== index + 1)
    .map(({ version }) => `history/${version}.avsc does not follow on the one before; versions count up from 1`);
  return [...gaps, ...releases.flatMap((release) => releaseFaults(release, topic.schema))];
}

function releaseFaults({ version, schema: older }: Release, newer: AvroRecord): string[] {
  const where = (path: string): string => `against history/${version}.avsc: ${path === '' ? 'the record' : path}`;
  return [
    ...incompatibilities(older, newer).map(({ path, problem }) => `${where(path)}: ${problem}`),
    ...removedFields(older, newer).map((path) => `${where(path)}: was removed; a released field stays for ever`),
  ];
}

function removedFields(older: AvroRecord, newer: AvroRecord): string[] {
  const kept = fieldPaths(newer);
  return [...fieldPaths(older)].filter((path) => !kept.has(path));
}

function fieldPaths(root: AvroRecord): Set<string> {
  const paths = new Set<string>();
  visitRecords(root, (record) => record.fields.forEach((field) => paths.add(`${record.name}.${field.name}`)));
  return paths;
}

function readReleases(folder: URL): Release[] {
  return readdirSync(new URL('history/', folder))
    .filter((file) => /^\d+\.avsc$/.test(file))
    .map((file) => ({
      version: Number.parseInt(file, 10),
      // Released by us, after the schema rules had been checked.
      schema: JSON.parse(readFileSync(new URL(`history/${file}`, folder), 'utf8')) as AvroRecord,
    }))
    .toSorted((a, b) => a.version - b.version);
}
