/** An archive is used once a service has written it, and never half written. */

import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { classArchive } from './class-archive.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const options = { name: 'kafka', javaRelease: '17.0.15' };

test('the first start writes an archive at its end, the next one reads it', () => {
  const folder = temporaryFolder();
  const first = classArchive({ ...options, folder });
  const written = first.args[0]?.replace('-XX:ArchiveClassesAtExit=', '') ?? '';
  writeFileSync(written, 'classes');
  // Until it is kept it may be half written.
  expect(classArchive({ ...options, folder }).args[0]).toMatch(/^-XX:ArchiveClassesAtExit=/);
  first.keep();
  expect(classArchive({ ...options, folder }).args[0]).toBe(`-XX:SharedArchiveFile=${folder}/kafka-17.0.15.jsa`);
});

test('a service that was killed has written none, and that of another Java is not read', () => {
  const folder = temporaryFolder();
  classArchive({ ...options, folder }).keep();
  expect(classArchive({ ...options, folder }).args[0]).toMatch(/^-XX:ArchiveClassesAtExit=/);
  writeFileSync(`${folder}/kafka-17.0.15.jsa`, 'classes');
  expect(classArchive({ ...options, folder, javaRelease: '21' }).args[0]).toMatch(/^-XX:ArchiveClassesAtExit=/);
});
