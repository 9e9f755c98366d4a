// What the routes share: the gateway's parts, built once by the app.
import type { Database } from '@paystream/database';
import type { Environment } from '@paystream/payments';
import type { Vault } from '@paystream/personal-data';
import type { Logger, Metrics } from '@paystream/telemetry';
import type { QuoteSource } from './intake/gate.ts';
import type { Intake } from './intake/intake.ts';
import type { Acceptance } from './payments/accept.ts';
import type { Outlet } from './publish/outlet.ts';
import type { RatesFollower } from './rates/follow-rates.ts';
import type { Changes } from './remembered/changes.ts';
import type { Waiters } from './waiting/waiters.ts';

export interface GatewayContext {
  database: Database;
  vault: Vault;
  changes: Changes;
  intake: Intake;
  acceptance: Acceptance;
  outlet: Outlet;
  waiters: Waiters;
  rates: RatesFollower;
  quotes: QuoteSource;
  /** How old a rate may be; null: any age. */
  rateAgeMaxMicros(environment: Environment): bigint | null;
  /** Begins to publish what providers told us and is not on the log yet; what fails is published later. */
  publishProviderEvents(): void;
  /** Begins to publish settings of merchants that are not on the log yet; what fails is published later. */
  publishMerchants(): void;
  logger: Logger;
  metrics: Metrics;
  /** Whether requests can be taken. */
  isReady(): Promise<boolean>;
}
