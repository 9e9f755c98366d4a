/** Runs Apache Kafka as one local broker that is its own controller. */

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { BROKER_SETTINGS } from './broker-settings.ts';
import { classArchive } from './class-archive.ts';
import type { Java } from './java.ts';
import { startProcess } from './service-process.ts';
import type { ServiceProcess } from './service-process.ts';
import { StackError } from './stack-error.ts';
import type { StackFolder } from './stack-folder.ts';

export interface KafkaOptions {
  readonly folder: StackFolder;
  readonly java: Java;
  readonly jarsFolder: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly signal: AbortSignal;
}

const LOG_SETTINGS = fileURLToPath(new URL('../local/log4j2.yaml', import.meta.url));
// 360 MB in all at rest; the upper bound leaves room for a backlog of 100,000 payments.
const HEAP = ['-Xms256m', '-Xmx768m', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20', '-XX:+ExplicitGCInvokesConcurrent'];
const READY_MS_MAX = 90_000;
const ANSWER_MS_MAX = 1_000;
const CLUSTER_ID_BYTES = 16;

export async function startKafka(options: KafkaOptions): Promise<ServiceProcess> {
  const dataFolder = join(options.folder.path, 'kafka');
  const settings = join(options.folder.path, 'kafka.properties');
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await writeFile(settings, brokerSettings({ ...options, dataFolder }), { mode: 0o600 });
  if (!existsSync(join(dataFolder, 'meta.properties'))) await formatStorage(options, settings);
  const archive = classArchive({ folder: options.jarsFolder, name: 'kafka', javaRelease: options.java.release });
  return startProcess(
    options.folder,
    {
      name: 'kafka',
      command: options.java.command,
      args: [...HEAP, ...archive.args, ...javaArguments(options.jarsFolder), 'kafka.Kafka', settings],
      cwd: options.folder.path,
      stopSignal: 'SIGTERM',
      isReady: () => brokerAnswers(options.port),
      readyMsMax: READY_MS_MAX,
      onEnd: archive.keep,
    },
    options.signal,
  );
}

function javaArguments(jarsFolder: string): string[] {
  return [
    '-Djava.awt.headless=true',
    `-Dlog4j2.configurationFile=${pathToFileURL(LOG_SETTINGS).href}`,
    '-cp',
    join(jarsFolder, '*'),
  ];
}

async function formatStorage({ java, jarsFolder }: KafkaOptions, settings: string): Promise<void> {
  const args = [...javaArguments(jarsFolder), 'kafka.tools.StorageTool', 'format', '--ignore-formatted'];
  try {
    await promisify(execFile)(java.command, [...args, '--cluster-id', clusterId(), '--config', settings]);
  } catch (error) {
    throw new StackError('Kafka could not prepare its data folder.', { cause: error });
  }
}

/** 16 random bytes in Kafka's text form, which may not look like an option of a command. */
function clusterId(): string {
  const id = randomBytes(CLUSTER_ID_BYTES).toString('base64url');
  return id.startsWith('-') ? clusterId() : id;
}

function brokerSettings({ port, controllerPort, dataFolder }: KafkaOptions & { dataFolder: string }): string {
  const settings = {
    ...BROKER_SETTINGS,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'log.dirs': dataFolder,
  };
  // A backslash begins an escape in Java's properties.
  const line = ([name, value]: [string, unknown]): string => `${name}=${String(value).replaceAll('\\', '\\\\')}`;
  return `${Object.entries(settings).map(line).join('\n')}\n`;
}

/** Sends the oldest request of the protocol (ApiVersions 0); a broker that answers it serves its clients. */
function brokerAnswers(port: number): Promise<boolean> {
  const request = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff]);
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: ANSWER_MS_MAX }, () => socket.write(request));
    const end = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('data', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });
}
