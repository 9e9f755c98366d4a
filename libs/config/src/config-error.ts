// The complaint about an environment: every fault at once, each with its remedy, never a value (it may be a secret).

export interface ConfigFault {
  /** Environment variable. */
  name: string;
  /** What is wrong, as the end of a sentence that begins with the name. */
  problem: string;
  /** How to mend it, one sentence. */
  remedy: string;
}

/** Thrown at start-up only; the process cannot run until a person changes its environment. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'config_invalid';
  readonly retriable = false;
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    const lines = faults.map(({ name, problem, remedy }) => `  ${name} ${problem}. ${remedy}`);
    super(`The environment cannot be used:\n${lines.join('\n')}`);
    this.faults = faults;
  }
}
