#!/usr/bin/env node
/** `npx paystream`: runs the command line under the project's Node, whatever Node the machine has. */

import { launch } from '../../../tools/bootstrap/launch.js';

launch(['apps/cli/src/main.ts', ...process.argv.slice(2)], { evenIfStale: false });
