/** Starts, finds and mends the services the apps need: a broker, a schema registry and a database. */

export { CONTACTS_GROUP } from './databases.ts';
export { lockHolder } from './folder-lock.ts';
export { keepRunning } from './kept-service.ts';
export type { KeptService } from './kept-service.ts';
export { anyFreePort, choosePort, fixedPort } from './ports.ts';
export { removeOutsideHome } from './postgres-home.ts';
export { isRunning, processIdentity } from './process-identity.ts';
export { logFile, startProcess, turnLogs } from './service-process.ts';
export type { ServiceCommand, ServiceProcess } from './service-process.ts';
export { readSecrets } from './secrets.ts';
export type { Services } from './services.ts';
export { StackError } from './stack-error.ts';
export { openStackFile, readStackFile, removeStackFile, stackFilePath } from './stack-file.ts';
export type { ServicesSource, StackDatabases, StackFile, StackFileWriter } from './stack-file.ts';
export { endLeftOvers, hasEnded, openStackFolder } from './stack-folder.ts';
export type { Log, StackFolder } from './stack-folder.ts';
export { startServices } from './start-services.ts';
export type { ServicesOptions } from './start-services.ts';
