// Says which environment variables accounts reads.
import { commonProperties, databaseUrl, kafkaProperties, port } from '@paystream/config';
import { Type } from 'typebox';

const BATCH_SIZE_MAX_DEFAULT = 2_000;
/** Above it a batch would come near the statement timeout. */
const BATCH_SIZE_MAX_MAX = 20_000;
const POOL_SIZE_MAX_DEFAULT = 10;

export const configSchema = Type.Object({
  ...commonProperties,
  ...kafkaProperties,
  ACCOUNTS_DATABASE_URL: databaseUrl('accounts'),
  ACCOUNTS_DATABASE_POOL_SIZE_MAX: Type.Integer({
    default: POOL_SIZE_MAX_DEFAULT,
    minimum: 4,
    maximum: 100,
    description: 'the number of connections to the database, at most',
  }),
  ACCOUNTS_BATCH_SIZE_MAX: Type.Integer({
    default: BATCH_SIZE_MAX_DEFAULT,
    minimum: 1,
    maximum: BATCH_SIZE_MAX_MAX,
    description: 'the number of records decided in one transaction, at most',
  }),
  ACCOUNTS_HEALTH_PORT: port(0, "accounts' health and metrics"),
});
