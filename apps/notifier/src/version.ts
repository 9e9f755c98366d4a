// Says which version of the notifier this is, for dead letters.
import manifest from '../package.json' with { type: 'json' };

export const NOTIFIER_VERSION = `notifier/${manifest.version}`;
