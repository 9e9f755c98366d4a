// The routes of rate quotes: a rate and a markup that are kept to for a while.
import type { HttpRequest, Route } from '@paystream/http';
import { defineRoute, HttpError } from '@paystream/http';
import { isCurrency } from '@paystream/money';
import { fromUuid, newId, toUuid } from '@paystream/payments';
import { compilePlan, markupOf } from '@paystream/pricing';
import type { Caller } from '../access/authenticate.ts';
import type { GatewayContext } from '../context.ts';
import { ownSettings } from '../merchants/change-plan.ts';
import { uuidOf } from '../operation-id.ts';
import type { StoredQuote } from '../store/insert-quote.ts';
import { insertQuote } from '../store/insert-quote.ts';
import { readQuotes } from '../store/read-quotes.ts';
import { readClock } from '../store/read-clock.ts';
import { displayedRate, LOCKS, QuoteBody, QuoteObject, showQuote } from './model.ts';

export function quoteRoutes(context: GatewayContext): Route<Caller>[] {
  return [createRoute(context), showRoute(context)];
}

function createRoute(context: GatewayContext): Route<Caller> {
  return defineRoute({
    method: 'POST',
    path: '/v1/fx_quotes',
    summary: 'Lock a rate between two currencies',
    access: { scope: 'payments:write' },
    body: QuoteBody,
    fieldCodes: { '/from_currency': 'currency_unknown', '/to_currency': 'currency_unknown' },
    answers: { 201: { description: 'The quote', schema: QuoteObject } },
    handle: async ({ principal, body }: HttpRequest<Caller, QuoteBody>) => {
      const quote = await quoteFor(context, principal, body);
      await insertQuote(context.database, quote);
      const value = showQuote(quote);
      return { status: 201, value, headers: { location: `/v1/fx_quotes/${fromUuid('fxq', quote.uuid)}` } };
    },
  });
}

function showRoute({ database }: GatewayContext): Route<Caller> {
  return defineRoute({
    method: 'GET',
    path: '/v1/fx_quotes/:id',
    summary: 'One quote',
    access: { scope: null },
    answers: { 200: { description: 'The quote', schema: QuoteObject } },
    handle: async ({ params, principal }: HttpRequest<Caller>) => {
      const uuid = uuidOf('fxq', params['id'] ?? '') ?? '';
      const quote = uuid === '' ? undefined : (await readQuotes(database, [uuid])).get(uuid);
      const isOwn = quote?.merchantUuid === principal.merchantUuid && quote.environment === principal.environment;
      if (!isOwn) throw new HttpError('object_not_found');
      return { status: 200, value: showQuote(quote) };
    },
  });
}

async function quoteFor(context: GatewayContext, caller: Caller, body: QuoteBody): Promise<StoredQuote> {
  const { database } = context;
  const { environment, merchantUuid } = caller;
  const { from_currency: fromCurrency, to_currency: toCurrency, lock = 'five_minutes' } = body;
  if (!isCurrency(fromCurrency)) throw new HttpError('currency_unknown', { param: '/from_currency' });
  if (!isCurrency(toCurrency)) throw new HttpError('currency_unknown', { param: '/to_currency' });
  if (fromCurrency === toCurrency) {
    throw new HttpError('parameter_invalid', { param: '/to_currency', detail: 'Both currencies are the same.' });
  }
  const [at, { feePlan }] = await Promise.all([readClock(database), ownSettings(database, caller)]);
  const ageMaxMicros = context.rateAgeMaxMicros(environment);
  const found = context.rates.find({ environment, fromCurrency, toCurrency, at, ageMaxMicros });
  if (found === 'unknown') throw new HttpError('fx_rate_unknown');
  if (found === 'stale') throw new HttpError('fx_rate_stale');
  const markup = markupOf({ ...SMALLEST_PAYMENT, currency: toCurrency }, compilePlan(feePlan));
  if (!markup.ok) throw new Error('a fee plan with an unsound markup is in force');
  const { markupBps } = markup;
  return {
    uuid: toUuid(newId('fxq')),
    ...{ merchantUuid, environment, fromCurrency, toCurrency, markupBps, lock },
    rate: displayedRate(found.baseRate, markupBps),
    baseRate: found.baseRate,
    rateSource: found.source,
    ratePublishedAtMicros: found.publishedAt,
    quotedAtMicros: at,
    expiresAtMicros: at + LOCKS[lock],
  };
}

/** A quote is for any amount: of markups that go by the amount it has the first. */
const SMALLEST_PAYMENT = { operation: 'pay', methodType: 'wallet', amountMinor: 1n } as const;
