// Takes over the caller's trace, when it is one by W3C Trace Context.

const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The header as it came, or null when it is absent or not valid: a bad trace is no reason to refuse money. */
export function traceparentOf(header: string | undefined): string | null {
  return header !== undefined && TRACEPARENT.test(header) ? header : null;
}
