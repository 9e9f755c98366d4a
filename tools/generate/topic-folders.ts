// Reads the topic folders, the one place where a topic's meaning, schema and settings are written down.
import { readdirSync, readFileSync, existsSync } from 'node:fs';
import type { AvroRecord } from './avro.ts';
import { schemaFaults } from './avro.ts';

export interface TopicSettings {
  name: string;
  key: string;
  /** `payment`: the count all payment topics share, chosen when the cluster is set up. */
  partitions: 'payment' | number;
  cleanupPolicy: 'delete' | 'compact';
  /** -1: for good. */
  retentionMs: number;
  compatibility: 'FULL_TRANSITIVE';
  writtenBy: string[];
  readBy: string[];
}

export interface TopicFolder {
  settings: TopicSettings;
  schema: AvroRecord;
  folder: URL;
}

export const TOPICS_FOLDER = new URL('../../topics/', import.meta.url);

/**
 * Reads every folder that holds a topic.json, sorted by name.
 * @throws Error naming the file and the remedy when a folder is incomplete or its schema breaks the schema rules.
 */
export function readTopicFolders(root: URL = TOPICS_FOLDER): TopicFolder[] {
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(new URL(`${entry.name}/topic.json`, root)))
    .map((entry) => readTopicFolder(entry.name, root))
    .toSorted((a, b) => (a.settings.name < b.settings.name ? -1 : 1));
  if (folders.length === 0) throw new Error(`no topic found below ${root.href}; a topic is a folder with a topic.json`);
  return folders;
}

function readTopicFolder(name: string, root: URL): TopicFolder {
  const folder = new URL(`${name}/`, root);
  // Written by hand in our repository and checked below for what a slip would break.
  const settings = readJson(new URL('topic.json', folder)) as TopicSettings;
  if (settings.name !== name)
    throw new Error(`topics/${name}/topic.json: name is ${settings.name}; it must be the folder's`);
  if (settings.partitions !== 'payment' && !Number.isInteger(settings.partitions)) {
    throw new Error(`topics/${name}/topic.json: partitions must be "payment" or a whole number`);
  }
  const schema = readJson(new URL('schema.avsc', folder)) as AvroRecord;
  const faults = schemaFaults(schema);
  if (faults.length > 0)
    throw new Error(`topics/${name}/schema.avsc breaks the schema rules:\n  ${faults.join('\n  ')}`);
  return { settings, schema, folder };
}

function readJson(url: URL): unknown {
  try {
    return JSON.parse(readFileSync(url, 'utf8'));
  } catch (error) {
    throw new Error(`${url.pathname} is missing or not JSON`, { cause: error });
  }
}
