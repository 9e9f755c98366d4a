/** Starts, finds and mends the services the apps need: a broker, a schema registry and a database. */

export { readStackFile, removeStackFile, stackFilePath, writeStackFile } from './stack-file.ts';
export type { ServicesSource, StackDatabases, StackFile } from './stack-file.ts';
