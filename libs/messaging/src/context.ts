// What every call of this room needs: how to connect, the names, the shared look-ups, and whom to tell.
import type { Logger } from '@paystream/telemetry';
import type { AdminConnection } from './admin-connection.ts';
import type { ClientSettings } from './client.ts';
import type { MessagingMetrics } from './metrics.ts';
import type { Names } from './names.ts';
import type { Addressing } from './partition-counts.ts';

export interface MessagingContext {
  settings: ClientSettings;
  names: Names;
  admin: AdminConnection;
  addressing: Addressing;
  logger: Logger;
  metrics: MessagingMetrics;
  /** The process should end: somebody restarts it. */
  onFatal(error: Error): void;
}
