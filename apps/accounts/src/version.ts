// Says which version of accounts this is, for headers and dead letters.
import manifest from '../package.json' with { type: 'json' };

export const ACCOUNTS_VERSION = `accounts/${manifest.version}`;
