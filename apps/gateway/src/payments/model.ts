// Says what a payment and a top-up look like on HTTP, asked for and answered.
import { nullable } from '@paystream/http';
import { HTTP_AMOUNT_MAX } from '@paystream/money';
import { Type } from 'typebox';
import type { Static } from 'typebox';

const CLOSED = { additionalProperties: false } as const;

const DESCRIPTION_LENGTH_MAX = 1_000;
const METADATA_VALUE_LENGTH_MAX = 500;
const METADATA_ENTRIES_MAX = 50;

/** Longer text would not be read; the rules of ids are checked where they are looked up. */
const ID_LENGTH_MAX = 64;
const CURRENCY_LENGTH_MAX = 16;

/** Any name there can be. The library's own pattern stops at a line end and lets what such a name holds go unchecked. */
const ANY_NAME = '^[\\s\\S]*$';

export const Metadata = Type.Record(
  Type.String({ pattern: ANY_NAME }),
  Type.String({ maxLength: METADATA_VALUE_LENGTH_MAX }),
  {
    ...CLOSED,
    maxProperties: METADATA_ENTRIES_MAX,
    description: 'Your own words, up to 50 names of up to 40 characters, each with a text; never card numbers',
  },
);

const Amount = Type.Integer({
  minimum: 1,
  maximum: Number(HTTP_AMOUNT_MAX),
  description: 'Minor units of the currency, spelled as a plain integer',
});

/** What a client sends to POST /v1/payments and POST /v1/top_ups. */
export const PaymentBody = Type.Object(
  {
    amount: Amount,
    currency: Type.String({ maxLength: CURRENCY_LENGTH_MAX, description: 'ISO 4217, upper case' }),
    customer: Type.String({ maxLength: ID_LENGTH_MAX, description: 'cus_…' }),
    description: Type.Optional(Type.String({ maxLength: DESCRIPTION_LENGTH_MAX })),
    metadata: Type.Optional(Metadata),
  },
  CLOSED,
);

export type PaymentBody = Static<typeof PaymentBody>;

/** Codes of fields with refusals of their own. */
export const PAYMENT_FIELD_CODES = {
  '/amount': 'amount_invalid',
  '/currency': 'currency_unknown',
  '/customer': 'customer_unknown',
} as const;

const Fee = Type.Object(
  {
    kind: Type.String(),
    amount: Type.Integer(),
    currency: Type.String(),
    bearer: Type.String({ description: 'merchant or customer' }),
    rule_id: Type.String(),
    rule_version: Type.Integer(),
    percent_bps: Type.Integer(),
    fixed: Type.Integer(),
  },
  CLOSED,
);

const Failure = Type.Object(
  {
    code: Type.String(),
    category: Type.String(),
    stage: Type.String(),
    advice: Type.String(),
    retry_not_before: nullable(Type.String()),
    provider: nullable(Type.String()),
    provider_code: nullable(Type.String()),
    network_code: nullable(Type.String()),
    network_advice: nullable(Type.String()),
    mapping_version: nullable(Type.String()),
    customer_message_key: Type.String({ description: 'What the customer may be told' }),
  },
  CLOSED,
);

function operationObject<Name extends string>(object: Name) {
  return Type.Object(
    {
      id: Type.String(),
      object: Type.Literal(object),
      status: Type.String(),
      amount: Type.Integer(),
      currency: Type.String(),
      customer: Type.String(),
      description: nullable(Type.String()),
      metadata: Type.Record(Type.String(), Type.String()),
      fees: Type.Array(Fee),
      failure: nullable(Failure),
      created_at: Type.String({ format: 'date-time' }),
      settled_at: nullable(Type.String({ format: 'date-time' })),
    },
    CLOSED,
  );
}

export const PaymentObject = operationObject('payment');
export const TopUpObject = operationObject('top_up');
