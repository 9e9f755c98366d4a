// Says what a payment and a top-up look like on HTTP, asked for and answered, and the parts that other operations share.
import { CLOSED, nullable } from '@paystream/http';
import { HTTP_AMOUNT_MAX } from '@paystream/money';
import { Type } from 'typebox';
import type { Static } from 'typebox';
import { words } from '../words.ts';

const DESCRIPTION_LENGTH_MAX = 1_000;
const METADATA_VALUE_LENGTH_MAX = 500;
const METADATA_ENTRIES_MAX = 50;

/** Longer text would not be read; the rules of ids are checked where they are looked up. */
export const ID_LENGTH_MAX = 64;
const CURRENCY_LENGTH_MAX = 16;
const INSTANT_LENGTH_MAX = 32;

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

export const Amount = Type.Integer({
  minimum: 1,
  maximum: Number(HTTP_AMOUNT_MAX),
  description: 'Minor units of the currency, spelled as a plain integer',
});

export const Currency = Type.String({ maxLength: CURRENCY_LENGTH_MAX, description: 'ISO 4217, upper case' });
export const CustomerId = Type.String({ maxLength: ID_LENGTH_MAX, description: 'cus_…' });

/** Description and metadata, of every operation that has no payment to bear them. */
export const WORDS = {
  description: Type.Optional(Type.String({ maxLength: DESCRIPTION_LENGTH_MAX })),
  metadata: Type.Optional(Metadata),
} as const;

/** What a client sends to POST /v1/top_ups. */
export const TopUpBody = Type.Object({ amount: Amount, currency: Currency, customer: CustomerId, ...WORDS }, CLOSED);
export type TopUpBody = Static<typeof TopUpBody>;

/** What a client sends to POST /v1/payments. */
export const PaymentBody = Type.Object(
  {
    ...TopUpBody.properties,
    capture_method: Type.Optional({
      ...words('automatic', 'manual'),
      description: '`manual`: the amount is held until it is captured; automatic when not said',
    }),
    capture_before: Type.Optional(
      Type.String({
        maxLength: INSTANT_LENGTH_MAX,
        description: 'When a hold ends, RFC 3339 in UTC, at most 30 days ahead; 7 days when not said',
      }),
    ),
    source_currency: Type.Optional({
      ...Currency,
      description: "Currency of the wallet it is paid from; the payment's when not said",
    }),
    fx_quote: Type.Optional(Type.String({ maxLength: ID_LENGTH_MAX, description: 'fxq_…: the rate to convert at' })),
  },
  CLOSED,
);
export type PaymentBody = Static<typeof PaymentBody>;

/** As one request it may be tried out; in a batch it may not. */
export const PaymentRequestBody = Type.Object(
  {
    ...PaymentBody.properties,
    dry_run: Type.Optional(
      Type.Boolean({ description: 'true: shows what would be decided, posted and published, and changes nothing' }),
    ),
  },
  CLOSED,
);

/** Codes of fields with refusals of their own. */
export const MONEY_FIELD_CODES = {
  '/amount': 'amount_invalid',
  '/currency': 'currency_unknown',
  '/source_currency': 'currency_unknown',
  '/customer': 'customer_unknown',
} as const;

export const Fee = Type.Object(
  {
    kind: Type.String(),
    amount: Type.Integer({ description: 'Below zero when given back' }),
    currency: Type.String(),
    bearer: Type.String({ description: 'merchant or customer' }),
    rule_id: Type.String(),
    rule_version: Type.Integer(),
    percent_bps: Type.Integer(),
    fixed: Type.Integer(),
  },
  CLOSED,
);

export const Failure = Type.Object(
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

export const Fx = Type.Object(
  {
    from_amount: Type.Integer({ description: 'What the payer gives, the markup among it' }),
    from_currency: Type.String(),
    rate: Type.String({ description: "The payment's currency per one from_currency, before the markup" }),
    markup: Type.Integer({ description: 'In from_currency' }),
    rounding: Type.Integer({ description: 'What rounding left over' }),
    quote: nullable(Type.String({ description: 'fxq_…' })),
  },
  CLOSED,
);

/** How every object ends. */
export const ENDING = {
  failure: nullable(Failure),
  created_at: Type.String({ format: 'date-time' }),
  settled_at: nullable(Type.String({ format: 'date-time' })),
} as const;

/** Description and metadata as they are shown. */
export const SHOWN_WORDS = {
  description: nullable(Type.String()),
  metadata: Type.Record(Type.String(), Type.String()),
} as const;

const PAID = {
  status: Type.String(),
  amount: Type.Integer(),
  currency: Type.String(),
  customer: Type.String(),
  ...SHOWN_WORDS,
} as const;

export const PaymentObject = Type.Object(
  {
    id: Type.String(),
    object: Type.Literal('payment'),
    ...PAID,
    capture_method: Type.String({ description: 'automatic or manual' }),
    capture_before: nullable(Type.String({ format: 'date-time' })),
    amount_captured: Type.Integer(),
    amount_refunded: Type.Integer(),
    amount_disputed: Type.Integer({ description: 'In open disputes and lost ones' }),
    amount_capturable: Type.Integer({ description: 'Held and not captured yet' }),
    fx: nullable(Fx),
    fees: Type.Array(Fee),
    ...ENDING,
  },
  CLOSED,
);

export const TopUpObject = Type.Object(
  { id: Type.String(), object: Type.Literal('top_up'), ...PAID, fees: Type.Array(Fee), ...ENDING },
  CLOSED,
);
