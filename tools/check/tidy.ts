// Keeps the house rules that no linter knows; each names file, line and remedy.
import type { CheckResult, Finding } from './finding.ts';
import { resultOf } from './finding.ts';
import type { SourceFile } from './source-files.ts';
import { isTest, isTypeScript, lineAt, withoutComments } from './source-files.ts';

const LINES_MAX = 450;
const HEADER_CHARACTERS_MIN = 20;

interface Rule {
  applies(file: SourceFile): boolean;
  find(file: SourceFile): Finding[];
}

const isCode = (file: SourceFile): boolean => /\.(?:ts|js)$/.test(file.path);
const isProduction = (file: SourceFile): boolean => isTypeScript(file) && !isTest(file.path);
const isMoney = ({ path }: SourceFile): boolean => /^libs\/(?:money|payments|pricing|ledger|proof)\/src\//.test(path);

const RULES: readonly Rule[] = [
  { applies: isCode, find: missingHeader },
  { applies: isCode, find: tooLong },
  pattern({
    applies: ({ path }) => isTest(path),
    expression: /\b(?:test|it|describe)\.(?:only|skip|todo)\b/g,
    problem: 'a test is singled out or left out',
    remedy: 'run all of them, or delete it',
  }),
  pattern({
    applies: ({ path }) => path.endsWith('.test.ts'),
    expression: /await (?:sleep|delay|wait|setTimeout)\(|new Promise\b[^;{]*=>\s*\{?\s*setTimeout\(/g,
    excusedByComment: true,
    problem: 'a test waits for a time',
    remedy: 'wait for a condition with a deadline, or say in a comment right above why time itself is the subject',
  }),
  pattern({
    applies: isProduction,
    expression: /^\s*(?:export\s+)?(?:abstract\s+)?class\s+\w+(?!\w*\s+extends\s+\w*Error\b)/gm,
    problem: 'a class that is no error',
    remedy: 'return functions from a createX(deps)',
  }),
  pattern({
    applies: isTypeScript,
    expression: /^\s*(?:export\s+)?(?:const\s+)?(?:enum|namespace)\s+\w+\s*\{/gm,
    problem: 'syntax that type stripping cannot erase',
    remedy: 'use a union of strings, or a module',
  }),
  pattern({
    applies: isMoney,
    expression: /\bparseFloat\(|\.toFixed\(|\bMath\.(?:round|floor|ceil)\(/g,
    problem: 'arithmetic on floats in a room of money',
    remedy: 'use bigint, as libs/money does',
  }),
  pattern({
    applies: isCode,
    expression: /\bimport\.meta\.url\)\.pathname\b/g,
    problem: 'a path that is wrong in a folder whose name has a space',
    remedy: 'use fileURLToPath',
  }),
  pattern({
    applies: (file) => isProduction(file) && !readsEnvironment(file),
    expression: /\bprocess\.env\b/g,
    problem: 'reads the environment',
    remedy: 'let main.ts read it, through the app’s config.ts',
  }),
  pattern({
    applies: (file) => isTypeScript(file) && isProduction(file),
    expression: /@ts-(?:ignore|nocheck|expect-error)/g,
    inComments: true,
    problem: 'a type error is silenced',
    remedy: 'mend the type',
  }),
  pattern({
    applies: () => true,
    expression:
      /-----BEGIN [A-Z ]*PRIVATE KEY-----\n(?!…)|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bxox[abp]-[0-9A-Za-z-]{20,}|\bsk_live_[0-9A-Za-z]{16,}\b/g,
    inComments: true,
    problem: 'looks like a secret',
    remedy: 'take it out and renew it; the history keeps what was committed',
  }),
  pattern({
    applies: ({ path }) => /(?:^|\/)package\.json$/.test(path),
    expression: /^\s*"(?:@?[\w./-]+)":\s*"[\^~>*][^"]*",?$/gm,
    inComments: true,
    except: /"node":/,
    problem: 'a version that may change by itself',
    remedy: 'write the exact version',
  }),
];

/** The test of these rules writes down what they look for. */
const OWN_TEST = 'tools/check/tidy.test.ts';

/** Judges every file by every rule that applies to it. */
export function checkTidy(files: readonly SourceFile[]): CheckResult {
  const judged = files.filter(({ path }) => path !== OWN_TEST);
  const findings = judged.flatMap((file) =>
    RULES.filter((rule) => rule.applies(file)).flatMap((rule) => rule.find(file)),
  );
  return resultOf(findings, files.filter(isCode).length, 'files');
}

/** Where a process starts, and what prepares one: there the environment is read, and handed on as values. */
function readsEnvironment({ path, text }: SourceFile): boolean {
  const prepares = /^(?:tools|libs\/testkit|libs\/stack|apps\/cli\/src)\/|\/run-app\.ts$|^[^/]+\.ts$/.test(path);
  const starts = /^apps\/[^/]+\/src\/[^/]+\.ts$/.test(path) && /\breadConfig(?:OrExit)?\(/.test(text);
  return prepares || starts || path.endsWith('/main.ts');
}

interface PatternRule {
  applies(file: SourceFile): boolean;
  /** With flag g. */
  expression: RegExp;
  /** Matched text that is allowed after all. */
  except?: RegExp;
  /** Also where a comment says so. */
  inComments?: boolean;
  /** A comment in the line above gives the reason for an exception. */
  excusedByComment?: boolean;
  problem: string;
  remedy: string;
}

function pattern({
  applies,
  expression,
  except,
  inComments = false,
  excusedByComment = false,
  problem,
  remedy,
}: PatternRule): Rule {
  return {
    applies,
    find: ({ path, text }) => {
      const searched = inComments ? text : withoutComments(text);
      return [...searched.matchAll(expression)]
        .filter((match) => except?.test(match[0]) !== true)
        .map((match) => lineAt(searched, match.index + match[0].search(/\S/)))
        .filter((line) => !(excusedByComment && hasCommentAbove(text, line)))
        .map((line) => ({ file: path, line, problem, remedy }));
    },
  };
}

/** Whether the line before is a comment, the file's own first sentence aside. */
function hasCommentAbove(text: string, line: number): boolean {
  return line > 2 && /^\s*\/\/ /.test(text.split('\n')[line - 2] ?? '');
}

function missingHeader({ path, text }: SourceFile): Finding[] {
  const opening = text.replace(/^#!.*\n/, '').match(/^\s*(?:\/\/ (.+)|\/\*\*?\s*(?:\*\s*)?([\s\S]+?)\*\/)/);
  const sentence = (opening?.[1] ?? opening?.[2] ?? '').trim();
  if (sentence.length >= HEADER_CHARACTERS_MIN) return [];
  return [
    { file: path, line: 1, problem: 'opens without a sentence', remedy: 'say first what the file decides or owns' },
  ];
}

function tooLong({ path, text }: SourceFile): Finding[] {
  const lines = text.split('\n').length - 1;
  if (lines <= LINES_MAX) return [];
  return [
    {
      file: path,
      line: LINES_MAX,
      problem: `has ${lines} lines, more than ${LINES_MAX}`,
      remedy: 'split it by purpose',
    },
  ];
}
