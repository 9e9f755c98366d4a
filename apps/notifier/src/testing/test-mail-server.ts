// A real SMTP server for tests: keeps what it was given, and answers each recipient as the test wants.
import { SMTPServer } from 'smtp-server';

/** Idle connections of clients are cut after this when the server closes. */
const CLOSE_TIMEOUT_MS = 100;

export interface TestMailServer {
  url: string;
  /** Message-IDs in the order of arrival, repeated ones as often as they came. */
  messageIds(): string[];
  /** The whole of each e-mail as it came. */
  sources(): string[];
  /** Answers this recipient with the code from now on; null takes its e-mails. */
  answer(address: string, code: number | null): void;
  /** Ends every connection and refuses new ones until it comes back, on the same port. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

export async function startTestMailServer(): Promise<TestMailServer> {
  const sources: string[] = [];
  const answers = new Map<string, number>();
  let server = await listen({ sources, answers, port: 0 });
  const port = portOf(server);
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return {
    url: `smtp://127.0.0.1:${port}`,
    messageIds: () => sources.map((source) => /^Message-ID: <(.+)>/im.exec(source)?.[1] ?? 'none'),
    sources: () => sources,
    answer: (recipient, code) => {
      if (code === null) answers.delete(recipient);
      else answers.set(recipient, code);
    },
    goAway: close,
    comeBack: async () => {
      server = await listen({ sources, answers, port });
    },
    close,
  };
}

interface Listening {
  sources: string[];
  answers: ReadonlyMap<string, number>;
  port: number;
}

async function listen({ sources, answers, port }: Listening): Promise<SMTPServer> {
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    closeTimeout: CLOSE_TIMEOUT_MS,
    onRcptTo({ address }, _session, done) {
      const code = answers.get(address);
      // Servers like to repeat the address in their answer; ours must not repeat it further.
      done(code === undefined ? null : Object.assign(new Error(`no <${address}> here`), { responseCode: code }));
    },
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        sources.push(Buffer.concat(chunks).toString());
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

function portOf({ server }: SMTPServer): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('a TCP server has a port');
  return address.port;
}
