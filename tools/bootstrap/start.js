/** `npm start`: installs what is missing, then brings everything up and stays. */

import { launch } from './launch.js';

launch(['apps/cli/src/main.ts', 'up', ...process.argv.slice(2)], { evenIfStale: true });
