// The routes of merchants' plans, fees and rules against misuse: show one, and put another whole one in its place.
import type { HttpRequest, Route } from '@paystream/http';
import { CLOSED, defineRoute, HttpError } from '@paystream/http';
import { Type } from 'typebox';
import type { Static, TSchema } from 'typebox';
import type { GatewayContext } from '../context.ts';
import type { PlanChange } from '../merchants/change-plan.ts';
import { changePlan, ownSettings } from '../merchants/change-plan.ts';
import { uuidOf } from '../operation-id.ts';
import { words } from '../words.ts';
import type { Settings, SettingsKey } from '../store/read-settings.ts';
import type { Operator } from './authenticate.ts';
import { FeePlanBody, FeePlanObject, showFeePlan, toFeeRules } from './fee-plan-model.ts';
import type { Reasoned } from './reason.ts';
import { checkReason, newReasonId, recordAction } from './reason.ts';
import { RiskPlanBody, RiskPlanObject, showRiskPlan, toRiskRules } from './risk-plan-model.ts';

const Query = Type.Object({ environment: words('test', 'live') }, CLOSED);
type Query = Static<typeof Query>;

/** What differs between the two plans. */
interface PlanEndpoint<Body extends TSchema> {
  plan: PlanChange['plan'];
  noun: string;
  body: Body;
  schema: TSchema;
  /** Throws HttpError for a rule that cannot be applied. */
  toChange(body: Static<Body>): PlanChange;
  show(merchant: string, environment: string, settings: Settings): object;
}

export function planRoutes(context: GatewayContext): Route<Operator>[] {
  const fees: PlanEndpoint<typeof FeePlanBody> = {
    plan: 'fee_plan',
    noun: 'fee plan',
    body: FeePlanBody,
    schema: FeePlanObject,
    toChange: ({ rules }) => ({ plan: 'fee_plan', rules: toFeeRules(rules) }),
    show: showFeePlan,
  };
  const risks: PlanEndpoint<typeof RiskPlanBody> = {
    plan: 'risk_plan',
    noun: 'plan of rules against misuse',
    body: RiskPlanBody,
    schema: RiskPlanObject,
    toChange: ({ rules }) => ({ plan: 'risk_plan', rules: toRiskRules(rules) }),
    show: showRiskPlan,
  };
  return [showRoute(context, fees), changeRoute(context, fees), showRoute(context, risks), changeRoute(context, risks)];
}

function showRoute<Body extends TSchema>(
  { database }: GatewayContext,
  { plan, noun, schema, show }: PlanEndpoint<Body>,
): Route<Operator> {
  return defineRoute({
    method: 'GET',
    path: `/v1/merchants/:id/${plan}`,
    summary: `A merchant's ${noun} in force`,
    access: { scope: null },
    query: Query,
    answers: { 200: { description: `The ${noun}`, schema } },
    handle: async ({ params, query: { environment } }: HttpRequest<Operator, unknown, Query>) => {
      const { merchant, key } = merchantOf(params, environment);
      return { status: 200, value: show(merchant, environment, await ownSettings(database, key)) };
    },
  });
}

function changeRoute<Body extends TSchema>(
  { database, publishMerchants }: GatewayContext,
  { plan, noun, body: schemaOfBody, schema, toChange, show }: PlanEndpoint<Body>,
): Route<Operator> {
  return defineRoute({
    method: 'PUT',
    path: `/v1/merchants/:id/${plan}`,
    summary: `Put another ${noun} in force, whole`,
    access: { scope: null },
    query: Query,
    body: schemaOfBody,
    answers: { 200: { description: `The ${noun} in force from now on`, schema } },
    handle: async ({ params, principal, query, body }: HttpRequest<Operator, Static<Body>, Query>) => {
      const { environment } = query;
      const { merchant, key } = merchantOf(params, environment);
      const change = toChange(body);
      const reasoned = body as Reasoned; // both bodies have REASON_FIELDS
      checkReason(reasoned);
      const settings = await database.transaction(async (transaction) => {
        const { settings: after, isChanged } = await changePlan(transaction, key, change);
        const result = isChanged ? `version_${after.version}` : 'unchanged';
        const order = { operator: principal, action: `${plan}.change`, objectId: merchant, reasoned };
        await recordAction(transaction, { reasonId: newReasonId(), ...order, result });
        return after;
      });
      publishMerchants();
      return { status: 200, value: show(merchant, environment, settings) };
    },
  });
}

function merchantOf(
  params: Readonly<Record<string, string>>,
  environment: string,
): { merchant: string; key: SettingsKey } {
  const merchant = params['id'] ?? '';
  const merchantUuid = uuidOf('mer', merchant);
  if (merchantUuid === undefined) throw new HttpError('object_not_found');
  return { merchant, key: { merchantUuid, environment } };
}
