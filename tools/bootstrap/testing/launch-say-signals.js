/** For tests: what a bin is, with a program that says which signals reach it. */

import { launch } from '../launch.js';

launch(['tools/bootstrap/testing/say-signals.ts', ...process.argv.slice(2)], { evenIfStale: false });
