// Says which environment variables the processor reads.
import { commonProperties, kafkaProperties, port } from '@paystream/config';
import { Type } from 'typebox';

export const configSchema = Type.Object({
  ...commonProperties,
  ...kafkaProperties,
  PROCESSOR_HEALTH_PORT: port(0, "the processor's health and metrics"),
});
