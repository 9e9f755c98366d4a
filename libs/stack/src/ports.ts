/** Chooses ports: the usual one when it is free, any free one when it is not, and the user's own or none. */

import { createServer, connect } from 'node:net';
import { StackError } from './stack-error.ts';

export interface PortWish {
  /** What will listen there, for the complaint. */
  readonly what: string;
  /** Tried first; 0: any. */
  readonly usual: number;
  /** Set by the user, and then not negotiable; the variable it came from is named in the complaint. */
  readonly fixed?: { readonly port: number; readonly variable: string } | undefined;
}

const LOOPBACK = '127.0.0.1';
const CONNECT_MS_MAX = 500;
const ATTEMPTS_MAX = 20;

/** Ports this process has already promised to something that may not listen yet. */
const promised = new Set<number>();

/** A port on the loopback address that nobody listens on. */
export async function choosePort({ what, usual, fixed }: PortWish): Promise<number> {
  if (fixed !== undefined && fixed.port !== 0) {
    if (await isFree(fixed.port)) return promise(fixed.port);
    throw new StackError(
      `Port ${fixed.port} for ${what} (${fixed.variable}) is taken by another program: stop that, set ${fixed.variable} to another port, or unset it to let Paystream choose.`,
    );
  }
  return usual !== 0 && !promised.has(usual) && (await isFree(usual)) ? promise(usual) : anyFreePort();
}

/** The port a variable fixes, or undefined when it is not set. */
export function fixedPort(environment: NodeJS.ProcessEnv, variable: string): PortWish['fixed'] {
  const text = environment[variable];
  if (text === undefined || text === '') return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new StackError(`${variable} must be a port from 0 to 65535, and is \`${text}\`.`);
  }
  return { port, variable };
}

export async function anyFreePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const port = await listenOnce(0);
    if (port !== null && !promised.has(port)) return promise(port);
  }
  throw new StackError('No port is free on 127.0.0.1.');
}

function promise(port: number): number {
  promised.add(port);
  return port;
}

async function isFree(port: number): Promise<boolean> {
  // Some systems let two programs bind "any address" and 127.0.0.1 at once; then only a connection tells.
  return (await listenOnce(port)) !== null && !(await answers(port));
}

function listenOnce(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}

/** True when something accepts a connection there. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: LOOPBACK, timeout: CONNECT_MS_MAX });
    const end = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
