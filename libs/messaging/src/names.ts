// Puts the prefix of a shared cluster before every name the cluster sees, and takes it off again: outside, names are plain.

export interface Names {
  topic(plain: string): string;
  plainTopic(real: string): string;
  group(plain: string): string;
  transactionalId(plain: string): string;
}

export function createNames(prefix: string): Names {
  const add = (plain: string) => `${prefix}${plain}`;
  return {
    topic: add,
    plainTopic: (real) => (real.startsWith(prefix) ? real.slice(prefix.length) : real),
    group: add,
    transactionalId: add,
  };
}
