// Says which version of the processor this is, for headers and dead letters.
import manifest from '../package.json' with { type: 'json' };

export const PROCESSOR_VERSION = `processor/${manifest.version}`;
