/** `paystream topics`: applies the topics' contracts to the cluster that the environment names, before its first app starts. */

import { kafkaProperties, readConfigOrExit } from '@paystream/config';
import type { Command } from 'commander';
import { Type } from 'typebox';
import type { CliContext } from '../context.ts';
import { applyTopics } from '../supervisor/topics.ts';

const HELP = `
Reads KAFKA_BROKERS, SCHEMA_REGISTRY_URL and the other KAFKA_ variables. Topics that exist are left as they are; one with
another number of partitions than KAFKA_PAYMENT_PARTITIONS is refused. \`paystream up\` does the same at each start.

Example:
  $ KAFKA_BROKERS=kafka-1:9092 SCHEMA_REGISTRY_URL=https://registry.example.com npx paystream topics
`;

export function registerTopics(program: Command, context: CliContext): void {
  program
    .command('topics')
    .description('create missing topics and register schemas on a cluster of your own')
    .addHelpText('after', HELP)
    .action(async () => {
      const { environment } = context;
      const config = readConfigOrExit(Type.Object(kafkaProperties), environment);
      const { topics, created } = await applyTopics({
        services: { kafkaBrokers: config.KAFKA_BROKERS.join(','), schemaRegistryUrl: config.SCHEMA_REGISTRY_URL },
        environment,
        paymentPartitions: config.KAFKA_PAYMENT_PARTITIONS,
      });
      context.out(`${topics} topics, ${created} of them new.`);
    });
}
