/** `npm run check`: installs what is missing, then checks format, lint, types, boundaries and drift. */

import { launch } from './launch.js';

launch(['tools/check/main.ts', ...process.argv.slice(2)], { evenIfStale: true });
