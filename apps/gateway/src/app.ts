// Wires the gateway: stores, log, server; starts them in order and stops them in reverse.
import { setTimeout as wait } from 'node:timers/promises';
import { kafkaConnection } from '@paystream/config';
import type { Database } from '@paystream/database';
import { createDatabase } from '@paystream/database';
import type { HttpServer } from '@paystream/http';
import { createHttpServer } from '@paystream/http';
import type { Messaging } from '@paystream/messaging';
import { createMessaging } from '@paystream/messaging';
import { createVault } from '@paystream/personal-data';
import type { RunningApp } from '@paystream/runtime';
import type { Logger, Metrics } from '@paystream/telemetry';
import manifest from '../package.json' with { type: 'json' };
import { createAuthenticate } from './access/authenticate.ts';
import { balanceRoutes } from './balance/routes.ts';
import type { GatewayConfig } from './config.ts';
import { masterKeyOf, tlsOf } from './config.ts';
import type { GatewayContext } from './context.ts';
import { customerRoutes } from './customers/routes.ts';
import { createOwners } from './customers/owners.ts';
import { databaseErrorOf } from './database-error.ts';
import { healthRoutes } from './health/routes.ts';
import { createIntake } from './intake/intake.ts';
import { createOutboxLimits } from './intake/outbox-limits.ts';
import { createGatewayMetrics } from './metrics.ts';
import { followDeadLetters } from './parked/follow-dead-letters.ts';
import { disputeRoutes } from './disputes/routes.ts';
import { estimateRoutes } from './estimates/routes.ts';
import { createQuoteSource } from './fx-quotes/quote-source.ts';
import { quoteRoutes } from './fx-quotes/routes.ts';
import { expiryChore } from './expiry/expire-holds.ts';
import { followStatus } from './follow-status.ts';
import { followUpRoutes } from './follow-ups/routes.ts';
import { createOperatorServer } from './operators/server.ts';
import { payOutRoutes } from './pay-outs/routes.ts';
import { createAcceptance } from './payments/accept.ts';
import { paymentRoutes } from './payments/routes.ts';
import { followRates } from './rates/follow-rates.ts';
import { rateAgeMaxMicros } from './rates/rate-age.ts';
import { createOutlet } from './publish/outlet.ts';
import { publishMerchants } from './publish/merchant-updated.ts';
import { publishProviderEvents } from './publish/provider-event.ts';
import type { RelayOptions } from './publish/relay.ts';
import { relayChores } from './publish/relay.ts';
import { startRounds } from './rounds.ts';
import { sandboxRoutes } from './sandbox/routes.ts';
import { createChanges } from './remembered/changes.ts';
import { readDueWork } from './store/read-due-work.ts';
import { topUpRoutes } from './top-ups/routes.ts';
import { transferRoutes } from './transfers/routes.ts';
import { createAcceptedHere } from './waiting/accepted-here.ts';
import { listenForAnnouncements } from './waiting/announcements.ts';
import { createWaiters } from './waiting/waiters.ts';

/** Group inserts, outbox, relay, consumer and readers; more would only queue inside the server. */
const POOL_SIZE_MAX = 12;
/** Requests of one key under way at once: above what any client of one process opens, below what memory minds. */
const REQUESTS_PER_KEY_MAX = 4_000;

/** How long each part of stopping may take: 8.5 s together, for the process has nine. */
const ANSWERING_MS_MAX = 3_000;
const PUBLISHING_MS_MAX = 1_500;
const CLOSING_MS_MAX = 2_000;

export const MIGRATIONS = new URL('../migrations/', import.meta.url);

export interface GatewayOptions {
  config: GatewayConfig;
  logger: Logger;
  metrics: Metrics;
  /** Called when only a new process can help. */
  onFatal(error: unknown): void;
}

export interface Gateway extends RunningApp {
  info: { url: string; operatorUrl: string };
  server: HttpServer;
  operatorServer: HttpServer;
}

/** Resolves when the gateway listens; `stop` answers what is under way and lets go of everything. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, logger, metrics, onFatal } = options;
  const database = createDatabase({
    url: config.GATEWAY_DATABASE_URL,
    name: 'gateway',
    logger,
    poolSizeMax: POOL_SIZE_MAX,
    // Lists too: each of their texts has one plan that is right for any values.
    keptPlans: true,
  });
  const messaging = createMessaging({ ...kafkaConnection(config), clientId: 'gateway', logger, metrics, onFatal });
  try {
    await database.migrate(MIGRATIONS);
    return await startParts(options, database, messaging);
  } catch (error) {
    await Promise.allSettled([messaging.close(), database.close()]);
    throw error;
  }
}

async function startParts(
  { config, logger, metrics, onFatal }: GatewayOptions,
  database: Database,
  messaging: Messaging,
): Promise<Gateway> {
  const vault = createVault(masterKeyOf(config));
  const gatewayMetrics = createGatewayMetrics(metrics);
  const common = { database, codec: messaging.codec, logger, metrics: gatewayMetrics };
  // Three, so that a send that fails holds up only its own kind.
  const [outletPublisher, relayPublisher, deadLetterPublisher] = [1, 2, 3].map(() => messaging.createPublisher());
  if (!outletPublisher || !relayPublisher || !deadLetterPublisher) throw new Error('three publishers were asked for');

  const changes = createChanges();
  const waiters = createWaiters({ database, logger });
  const acceptedHere = createAcceptedHere();
  const outboxLimits = createOutboxLimits(gatewayMetrics);
  const outlet = createOutlet({ ...common, acceptedHere, publisher: outletPublisher });
  const sources = { owners: createOwners(database, changes), quotes: createQuoteSource(database) };
  const intake = createIntake({ ...common, ...sources, vault, outlet, outboxLimits });
  const status = followStatus({
    ...{ messaging, database, waiters, acceptedHere, logger, onFatal },
    publisher: deadLetterPublisher,
    metrics: gatewayMetrics,
  });
  const stopListening = await Promise.all([listenForAnnouncements(database, waiters), changes.listen(database)]);
  const stopRounds = startRounds({
    look: () => outboxLimits.measure(() => changes.confirm(() => readDueWork(database))),
    chores: [...relayChores({ ...common, publisher: relayPublisher }), expiryChore({ database, intake })],
    logger,
  });
  metrics.gauge('gateway_waiting_requests', 'Requests that wait for a final outcome', [], () => waiters.count());

  const rates = followRates({ messaging, logger, onFatal });
  const deadLetters = followDeadLetters({
    ...{ messaging, database, waiters, logger, onFatal, publisher: deadLetterPublisher, metrics: gatewayMetrics },
  });

  const isReady = () => isDatabaseThere(database).then((there) => there && status.healthy());
  // Begins now what the relay comes round to once a second, and leaves to it what fails.
  const soon = (publish: (options: RelayOptions) => Promise<void>, what: string) => () =>
    void publish({ ...common, publisher: relayPublisher }).catch((error: unknown) =>
      logger.warn({ err: error }, `${what} is stored and will be published later`),
    );
  const acceptance = createAcceptance({ intake, waiters, vault, logger });
  const context: GatewayContext = {
    ...{ database, vault, changes, intake, acceptance, outlet, waiters, rates, logger, metrics, isReady },
    quotes: sources.quotes,
    publishProviderEvents: soon(publishProviderEvents, 'an event of a provider'),
    publishMerchants: soon(publishMerchants, 'a change of a merchant’s settings'),
    rateAgeMaxMicros: (environment) => rateAgeMaxMicros(environment, config.FX_RATE_AGE_MAX_SECONDS),
  };
  const server = await createServer(context, config);
  const operatorServer = await createOperatorServer(context, config);
  const [url, operatorUrl] = await Promise.all([server.listen(), operatorServer.listen()]);

  return {
    info: { url, operatorUrl },
    server,
    operatorServer,
    ready: isReady,
    stop: async () => {
      // Who waits gets 202 now; who was accepted is published, or left to a relay; then the connections go.
      const roundsStopped = stopRounds();
      await within(ANSWERING_MS_MAX, [server.close(), operatorServer.close(), waiters.stop(), intake.drain()]);
      await within(PUBLISHING_MS_MAX, [outlet.drain()]);
      const stops = [
        roundsStopped,
        ...stopListening.map((stop) => stop()),
        status.stop(),
        rates.stop(),
        deadLetters.stop(),
      ];
      const publishers = [outletPublisher, relayPublisher, deadLetterPublisher];
      await within(CLOSING_MS_MAX, [...stops, ...publishers.map((publisher) => publisher.close())]);
      await within(CLOSING_MS_MAX, [messaging.close(), database.close()]);
    },
  };
}

function createServer(context: GatewayContext, config: GatewayConfig): Promise<HttpServer> {
  const { database, vault, changes, logger, metrics } = context;
  return createHttpServer({
    routes: [
      ...customerRoutes(context),
      ...topUpRoutes(context),
      ...paymentRoutes(context),
      ...estimateRoutes(context),
      ...followUpRoutes(context),
      ...transferRoutes(context),
      ...payOutRoutes(context),
      ...balanceRoutes(context),
      ...quoteRoutes(context),
      ...disputeRoutes(context),
      ...sandboxRoutes(context),
      ...healthRoutes(context),
    ],
    document: { title: 'Paystream', version: manifest.version, description: 'Payments as events' },
    authenticate: createAuthenticate({ database, vault, changes }),
    translateError: databaseErrorOf,
    requestsPerKeyMax: REQUESTS_PER_KEY_MAX,
    host: config.GATEWAY_HOST,
    port: config.GATEWAY_PORT,
    ...tlsOf(config),
    logger,
    metrics,
  });
}

async function isDatabaseThere(database: Database): Promise<boolean> {
  return database.query({ text: 'SELECT 1' }).then(
    () => true,
    () => false,
  );
}

/** Waits for all of them, whatever one of them throws, but no longer than this. */
async function within(limitMs: number, endings: readonly Promise<unknown>[]): Promise<void> {
  const ended = new AbortController();
  const tooLong = wait(limitMs, undefined, { signal: ended.signal }).catch(() => undefined);
  await Promise.race([Promise.allSettled(endings), tooLong]);
  ended.abort();
}
