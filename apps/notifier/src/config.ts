// Says which environment variables the notifier reads.
import { commonProperties, databaseUrl, kafkaProperties, port } from '@paystream/config';
import { Type } from 'typebox';

const RATE_MAX = 10_000;
const CONNECTIONS_MAX = 50;

export const configSchema = Type.Object({
  ...commonProperties,
  ...kafkaProperties,
  NOTIFIER_DATABASE_URL: databaseUrl('the notifier'),
  CONTACTS_DATABASE_URL: databaseUrl('the gateway, for a role that may only read the view of contacts'),
  PERSONAL_DATA_KEY: Type.String({
    pattern: '^[A-Za-z0-9+/]{43}=$',
    description: 'the key under which the gateway seals personal fields: 32 bytes in base64',
  }),
  SMTP_URL: Type.String({
    pattern: '^smtps?://',
    description: 'the URL of the mail server; without TLS only on this machine or with ?requireTLS=false',
    examples: ['smtps://user:password@mail.example.com:465'],
  }),
  MAIL_FROM: Type.String({
    pattern: '^[^<>\\r\\n]*<?[^\\s<>@]+@[^\\s<>@]+>?$',
    description: 'the sender of e-mails',
    examples: ['Paystream <no-reply@example.com>'],
  }),
  NOTIFIER_EMAILS_PER_SECOND_MAX: Type.Integer({
    default: 100,
    minimum: 1,
    maximum: RATE_MAX,
    description: 'how many e-mails each instance may send in a second',
    examples: [100],
  }),
  NOTIFIER_SMTP_CONNECTIONS_MAX: Type.Integer({
    default: 4,
    minimum: 1,
    maximum: CONNECTIONS_MAX,
    description: 'how many connections to the mail server each instance keeps',
    examples: [4],
  }),
  NOTIFIER_HEALTH_PORT: port(0, "the notifier's health and metrics"),
});
