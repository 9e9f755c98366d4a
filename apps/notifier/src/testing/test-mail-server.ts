// A real SMTP server for tests: keeps what it was given, and answers each recipient as the test wants.
import { SMTPServer } from 'smtp-server';

export interface TestMailServer {
  url: string;
  /** Message-IDs in the order of arrival, repeated ones as often as they came. */
  messageIds(): string[];
  /** The whole of each e-mail as it came. */
  sources(): string[];
  /** Answers this recipient with the code from now on; null takes its e-mails. */
  answer(address: string, code: number | null): void;
  close(): Promise<void>;
}

export async function startTestMailServer({ port = 0 }: { port?: number } = {}): Promise<TestMailServer> {
  const sources: string[] = [];
  const answers = new Map<string, number | null>();
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    onRcptTo({ address }, _session, done) {
      const code = answers.get(address) ?? null;
      // Servers like to repeat the address in their answer; ours must not repeat it further.
      done(code === null ? null : Object.assign(new Error(`no <${address}> here`), { responseCode: code }));
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
  const address = server.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('a TCP server has a port');
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    messageIds: () => sources.map((source) => /^Message-ID: <(.+)>/im.exec(source)?.[1] ?? 'none'),
    sources: () => sources,
    answer: (recipient, code) => void answers.set(recipient, code),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
