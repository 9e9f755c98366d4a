// Keeps the last caught e-mails within a fixed amount of memory, and reads them when somebody looks.
import PostalMime from 'postal-mime';

const EMAILS_MAX = 1_000;
const EMAIL_BYTES_MAX = 256 * 1024;
const KEPT_BYTES_MAX = 32 * 1024 * 1024;

/** An e-mail as a person reads it. */
export interface CaughtEmail {
  /** Counts up from 1 as e-mails come in. */
  number: number;
  received_at: string;
  message_id: string | null;
  from: string | null;
  to: string[];
  subject: string | null;
  text: string | null;
  html: string | null;
}

export interface CaughtEmails {
  add(email: { to: string[]; source: Buffer }): void;
  /** The newest first. Reading takes a fraction of a millisecond an e-mail, which catching does not wait for. */
  newest(limit: number): Promise<CaughtEmail[]>;
  /** How many came in since the start, those no longer kept included. */
  received(): number;
  kept(): number;
  clear(): void;
  bytesMax: number;
}

interface Kept {
  number: number;
  receivedAt: Date;
  to: string[];
  source: Buffer;
}

export function createCaughtEmails(): CaughtEmails {
  let kept: Kept[] = [];
  let keptBytes = 0;
  let received = 0;
  return {
    add: ({ to, source }) => {
      received += 1;
      kept.push({ number: received, receivedAt: new Date(), to, source });
      keptBytes += source.length;
      while (kept.length > EMAILS_MAX || keptBytes > KEPT_BYTES_MAX) keptBytes -= kept.shift()?.source.length ?? 0;
    },
    newest: (limit) => Promise.all(kept.slice(-limit).toReversed().map(read)),
    received: () => received,
    kept: () => kept.length,
    clear: () => {
      kept = [];
      keptBytes = 0;
    },
    bytesMax: EMAIL_BYTES_MAX,
  };
}

async function read({ number, receivedAt, to, source }: Kept): Promise<CaughtEmail> {
  const parsed = await PostalMime.parse(source);
  return {
    number,
    received_at: receivedAt.toISOString(),
    message_id: parsed.messageId ?? null,
    from: parsed.from?.address ?? null,
    to,
    subject: parsed.subject ?? null,
    text: parsed.text ?? null,
    html: parsed.html ?? null,
  };
}
