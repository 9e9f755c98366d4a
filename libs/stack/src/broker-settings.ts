/** How our one broker differs from Kafka's defaults, wherever it runs. */

export const BROKER_SETTINGS: Readonly<Record<string, string | number | boolean>> = {
  'process.roles': 'broker,controller',
  'node.id': 1,
  'controller.listener.names': 'CONTROLLER',
  'auto.create.topics.enable': false,
  // One broker: its own topics have one replica, and few partitions so that start and takeover stay quick.
  'offsets.topic.replication.factor': 1,
  'offsets.topic.num.partitions': 8,
  'transaction.state.log.replication.factor': 1,
  'transaction.state.log.min.isr': 1,
  'transaction.state.log.num.partitions': 8,
  'share.coordinator.state.topic.replication.factor': 1,
  'share.coordinator.state.topic.min.isr': 1,
  // A first member need not wait for others, and an app's death is noticed within six seconds.
  'group.initial.rebalance.delay.ms': 0,
  // An offset is committed with every transaction, and somebody waits for each: no gathering of commits (5 ms by default).
  'group.coordinator.append.linger.ms': 0,
  // Threads to suit a small machine: more of them hand requests to each other instead of working (outcomes took twice as long).
  'num.network.threads': 1,
  'num.io.threads': 2,
  'group.min.session.timeout.ms': 6_000,
  // The publishers' cut is the group's offset: it may never expire while nobody reads.
  'offsets.retention.minutes': 2_147_483_647,
};
