/** `npm test`: installs what is missing, then starts services of its own and runs every test there is. */

import { launch } from './launch.js';

launch(['tools/bootstrap/run-tests.ts', ...process.argv.slice(2)], { evenIfStale: true });
