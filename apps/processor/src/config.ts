// Says which environment variables the processor reads.
import { commonProperties, kafkaProperties, port, rateProperties } from '@paystream/config';
import { Type } from 'typebox';

export const configSchema = Type.Object({
  ...commonProperties,
  ...kafkaProperties,
  ...rateProperties,
  PROCESSOR_SCREENING_MODULE: Type.Optional(
    Type.String({
      description: 'the path of an ES module that exports `screening`, asked by rules of kind screening',
      examples: ['apps/processor/examples/screening-list.js'],
    }),
  ),
  PROCESSOR_HEALTH_PORT: port(0, "the processor's health and metrics"),
});
