// Writes everything that follows from the topic folders, or with --check says which of it is out of date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderAsyncApi } from './asyncapi.ts';
import { readExamples } from './examples.ts';
import type { TopicFolder } from './topic-folders.ts';
import { readTopicFolders, TOPICS_FOLDER } from './topic-folders.ts';
import { renderTypeScript } from './typescript.ts';

export interface GeneratedFile {
  url: URL;
  text: string;
}

/** Everything generated from the topic folders, rendered but not written. */
export function generatedFiles(topics: readonly TopicFolder[]): GeneratedFile[] {
  const documented = topics.map((topic) => ({ topic, examples: readExamples(topic) }));
  return [
    { url: new URL('src/generated.ts', TOPICS_FOLDER), text: renderTypeScript(topics) },
    { url: new URL('asyncapi.json', TOPICS_FOLDER), text: renderAsyncApi(documented, readVersion()) },
  ];
}

/** The generated files whose text on disk is not what the topic folders say. */
export function staleFiles(files: readonly GeneratedFile[]): GeneratedFile[] {
  return files.filter(({ url, text }) => !existsSync(url) || readFileSync(url, 'utf8') !== text);
}

function readVersion(): string {
  // Our own package.json, whose version npm itself insists on.
  return (JSON.parse(readFileSync(new URL('package.json', TOPICS_FOLDER), 'utf8')) as { version: string }).version;
}

function main(): void {
  const stale = staleFiles(generatedFiles(readTopicFolders()));
  if (!process.argv.includes('--check')) {
    for (const { url, text } of stale) writeFileSync(url, text);
    process.stdout.write(`${stale.length} generated files written\n`);
    return;
  }
  for (const { url } of stale) {
    process.stderr.write(`${fileURLToPath(url)}:1 is not what topics/ says; run: node tools/generate/topics.ts\n`);
  }
  process.exitCode = stale.length === 0 ? 0 : 1;
}

if (import.meta.main) main();
