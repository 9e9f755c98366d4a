// Says which version of the rate feed this is, for headers.
import manifest from '../package.json' with { type: 'json' };

export const RATES_VERSION = `rates/${manifest.version}`;
