// Creates an operator with a key and prints both as one line of JSON: `node create-operator.ts --name "Ada"`.
import { parseArgs } from 'node:util';
import { readConfigOrExit } from '@paystream/config';
import { createDatabase } from '@paystream/database';
import { createVault } from '@paystream/personal-data';
import { createLogger } from '@paystream/telemetry';
import { MIGRATIONS } from './app.ts';
import { masterKeyOf, storeConfig } from './config.ts';
import { createOperator } from './operators/create-operator.ts';

const config = readConfigOrExit(storeConfig, process.env);
// Standard output is for the answer.
const logger = createLogger({ name: 'create-operator', level: 'warn', destination: process.stderr });
const database = createDatabase({ url: config.GATEWAY_DATABASE_URL, name: 'create-operator', logger, poolSizeMax: 2 });
try {
  const name = readName();
  await database.migrate(MIGRATIONS);
  const { operatorId, operatorKey } = await createOperator({ database, vault: createVault(masterKeyOf(config)), name });
  process.stdout.write(`${JSON.stringify({ operator_id: operatorId, operator_key: operatorKey })}\n`);
} finally {
  await database.close();
}

function readName(): string {
  const { values } = parseArgs({ options: { name: { type: 'string' } } });
  const { name = '' } = values;
  if (name.trim() === '') throw new Error('usage: create-operator.ts --name "Name of the person"');
  return name;
}
