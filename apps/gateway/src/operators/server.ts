// Builds the operators' own server: another address, other keys and other routes than the merchants'.
import type { HttpServer } from '@paystream/http';
import { createHttpServer } from '@paystream/http';
import manifest from '../../package.json' with { type: 'json' };
import type { GatewayConfig } from '../config.ts';
import { tlsOf } from '../config.ts';
import type { GatewayContext } from '../context.ts';
import { databaseErrorOf } from '../database-error.ts';
import { accountRoutes } from './account-routes.ts';
import { createOperatorAuthenticate } from './authenticate.ts';
import { correctionRoutes } from './correction-routes.ts';
import { operationRoute } from './operation-route.ts';
import { planRoutes } from './plan-routes.ts';
import { resolutionRoute } from './resolution-routes.ts';

/** Persons and their scripts; nobody's shop waits here. */
const REQUESTS_PER_KEY_MAX = 50;

export function createOperatorServer(context: GatewayContext, config: GatewayConfig): Promise<HttpServer> {
  const { database, vault, changes, logger, metrics } = context;
  return createHttpServer({
    routes: [
      ...planRoutes(context),
      ...accountRoutes(context),
      ...correctionRoutes(context, config.CORRECTION_ALONE_MAX),
      resolutionRoute(context, config.CORRECTION_ALONE_MAX),
      operationRoute(context),
    ],
    document: { title: 'Paystream, for operators', version: manifest.version, description: 'Orders with a reason' },
    authenticate: createOperatorAuthenticate({ database, vault, changes }),
    translateError: databaseErrorOf,
    requestsPerKeyMax: REQUESTS_PER_KEY_MAX,
    host: config.GATEWAY_OPERATOR_HOST,
    port: config.GATEWAY_OPERATOR_PORT,
    ...tlsOf(config),
    logger,
    metrics,
  });
}
