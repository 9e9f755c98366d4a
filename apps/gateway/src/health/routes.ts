// The routes of probes and scrapers.
import type { Route } from '@paystream/http';
import { CLOSED, defineRoute } from '@paystream/http';
import { Type } from 'typebox';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';

const Health = Type.Object({ status: Type.String({ description: 'ok or unavailable' }) }, CLOSED);

export function healthRoutes({ metrics, isReady }: GatewayContext): Route<Caller>[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/health/live',
      summary: 'Whether the process answers',
      access: 'public',
      answers: { 200: { description: 'It does', schema: Health } },
      handle: () => ({ status: 200, value: { status: 'ok' } }),
    }),
    defineRoute({
      method: 'GET',
      path: '/health/ready',
      summary: 'Whether requests can be taken',
      access: 'public',
      answers: {
        200: { description: 'They can', schema: Health },
        503: { description: 'The database is away, or outcomes are not being followed', schema: Health },
      },
      handle: async () => {
        const ready = await isReady();
        return { status: ready ? 200 : 503, value: { status: ready ? 'ok' : 'unavailable' } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/metrics',
      summary: 'Metrics for Prometheus',
      access: 'public',
      answers: { 200: { description: 'Text format', schema: Type.String(), contentType: 'text/plain' } },
      handle: async () => ({ status: 200, content: await metrics.text(), contentType: metrics.contentType }),
    }),
  ];
}
