// Names the writer of the gateway's events.
import manifest from '../../package.json' with { type: 'json' };

export const SOURCE = 'gateway';
export const PRODUCER_VERSION = `gateway/${manifest.version}`;
