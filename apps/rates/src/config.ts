// Says which environment variables the rate feed reads.
import { commonProperties, kafkaProperties, port } from '@paystream/config';
import { Type } from 'typebox';

const INTERVAL_SECONDS = 3_600;
const INTERVAL_SECONDS_MAX = 86_400;

export const configSchema = Type.Object({
  ...commonProperties,
  ...kafkaProperties,
  RATES_SOURCE: Type.Optional(
    Type.String({
      // Rates decide about money: in clear they come from this machine alone.
      pattern: '^(?!http://)|^http://(127\\.0\\.0\\.1|localhost)[:/]',
      description: "the path or https URL of a file of rates in the European Central Bank's CSV format",
      examples: ['data/ecb-eurofxref-2026.csv'],
    }),
  ),
  RATES_ENVIRONMENTS: Type.Array(Type.Union([Type.Literal('test'), Type.Literal('live')]), {
    default: ['test', 'live'],
    minItems: 1,
    uniqueItems: true,
    description: 'test, live or both, separated by a comma: for which the rates are published',
    examples: ['test,live'],
  }),
  RATES_INTERVAL_SECONDS: Type.Integer({
    default: INTERVAL_SECONDS,
    minimum: 1,
    maximum: INTERVAL_SECONDS_MAX,
    description: 'how many seconds pass until the source is looked at again',
    examples: [INTERVAL_SECONDS],
  }),
  RATES_HEALTH_PORT: port(0, "the rate feed's health and metrics"),
});
