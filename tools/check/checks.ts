// Lists the checks that `npm run check` makes, the quick ones first.
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readIsoList, renderCurrencies } from '../generate/currencies.ts';
import { historyFaults } from '../generate/history.ts';
import type { TopicFolder } from '../generate/topic-folders.ts';
import { readTopicFolders } from '../generate/topic-folders.ts';
import { generatedFiles, staleFiles } from '../generate/topics.ts';
import { checkBoundaries } from './boundaries.ts';
import { checkDocuments } from './documents.ts';
import type { Check, CheckResult, Finding } from './finding.ts';
import { resultOf } from './finding.ts';
import type { OutsideTool } from './outside-tools.ts';
import { runOutsideTool } from './outside-tools.ts';
import type { SourceFile } from './source-files.ts';
import { PROJECT_FOLDER, readSourceFiles } from './source-files.ts';
import { checkTidy } from './tidy.ts';

export const CHECKS: readonly Check[] = [
  outside('format', {
    command: 'oxfmt',
    args: ['--check'],
    seen: /on (\d+) files/,
    remedy: 'npx oxfmt',
  }),
  inside('generated', checkGenerated),
  inside('topics', checkTopics),
  inside('boundaries', () => checkBoundaries(sources())),
  inside('house rules', () => checkTidy(sources())),
  inside('documents', () => checkDocuments(sources())),
  outside('types', {
    command: 'tsc',
    args: ['-p', 'tsconfig.json', '--noEmit', '--pretty', 'false'],
    remedy: 'npx tsc -p .',
  }),
  outside('lint', {
    command: 'oxlint',
    args: ['--deny-warnings', '--report-unused-disable-directives'],
    seen: /on (\d+) files/,
    remedy: 'npx oxlint --fix mends some of it',
  }),
  outside('dead code', {
    command: 'knip',
    args: ['--no-progress', '--no-config-hints'],
    remedy: 'delete it, or use it',
  }),
];

let read: readonly SourceFile[] | undefined;

function sources(): readonly SourceFile[] {
  read ??= readSourceFiles();
  return read;
}

function checkGenerated(): CheckResult {
  const currencies = {
    url: new URL('libs/money/src/iso-4217.ts', PROJECT_FOLDER),
    text: renderCurrencies(readIsoList()),
  };
  const files = [...generatedFiles(readTopicFolders()), currencies];
  const findings = staleFiles(files).map(({ url }) => ({
    file: relative(fileURLToPath(PROJECT_FOLDER), fileURLToPath(url)),
    line: 1,
    problem: 'is not what its source says',
    remedy: 'run: node tools/generate/topics.ts && node tools/generate/currencies.ts',
  }));
  return resultOf(findings, files.length, 'files');
}

function checkTopics(): CheckResult {
  const topics = readTopicFolders();
  return resultOf(topics.flatMap(topicFindings), topics.length, 'topics');
}

function topicFindings(topic: TopicFolder): Finding[] {
  return historyFaults(topic).map((problem) => ({
    file: `topics/${topic.settings.name}/schema.avsc`,
    line: 1,
    problem,
    remedy: 'change it so that old and new readers read both',
  }));
}

function inside(name: string, check: () => CheckResult): Check {
  return { name, run: () => Promise.resolve().then(check) };
}

function outside(name: string, tool: OutsideTool): Check {
  return { name, run: () => runOutsideTool(tool) };
}
