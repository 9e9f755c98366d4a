// Says what the gateway reads from its environment.
import { commonProperties, databaseUrl, kafkaProperties, port, rateProperties } from '@paystream/config';
import { MASTER_KEY_BYTES } from '@paystream/personal-data';
import { Type } from 'typebox';
import type { Static } from 'typebox';

/** What is read both by the gateway and by the programs that do its work once. */
export const storeConfig = Type.Object({
  ...commonProperties,
  ...kafkaProperties,
  GATEWAY_DATABASE_URL: databaseUrl('the gateway'),
  PERSONAL_DATA_KEY: Type.String({
    pattern: '^[A-Za-z0-9+/]{43}=$',
    description: `the master key of personal data, ${MASTER_KEY_BYTES} random bytes in base64`,
  }),
});

export const gatewayConfig = Type.Object({
  ...storeConfig.properties,
  ...rateProperties,
  GATEWAY_HOST: Type.String({ default: '127.0.0.1', description: 'the address to listen at', examples: ['127.0.0.1'] }),
  GATEWAY_PORT: port(8080, 'the gateway'),
  GATEWAY_OPERATOR_HOST: Type.String({
    default: '127.0.0.1',
    description: 'the address at which operators are listened to, which no merchant should reach',
    examples: ['127.0.0.1'],
  }),
  GATEWAY_OPERATOR_PORT: port(8090, "the gateway's operators"),
  CORRECTION_ALONE_MAX: Type.Integer({
    default: 1_000,
    minimum: 0,
    description:
      'the sum, in major units of each currency, up to which one operator may order a correction, or end a pay-out, alone',
    examples: [1_000],
  }),
  GATEWAY_TLS_CERT_FILE: Type.Optional(
    Type.String({ description: 'the certificate for HTTPS, a PEM file', requires: ['GATEWAY_TLS_KEY_FILE'] }),
  ),
  GATEWAY_TLS_KEY_FILE: Type.Optional(
    Type.String({ description: 'the private key of the certificate, a PEM file', requires: ['GATEWAY_TLS_CERT_FILE'] }),
  ),
});

export type StoreConfig = Static<typeof storeConfig>;
export type GatewayConfig = Static<typeof gatewayConfig>;

/** The master key as bytes. */
export function masterKeyOf({ PERSONAL_DATA_KEY }: StoreConfig): Buffer {
  return Buffer.from(PERSONAL_DATA_KEY, 'base64');
}

/** The certificate pair of both listeners, as the server takes it; nothing for plain HTTP. */
export function tlsOf({ GATEWAY_TLS_CERT_FILE: certFile, GATEWAY_TLS_KEY_FILE: keyFile }: GatewayConfig) {
  return certFile === undefined || keyFile === undefined ? {} : { tls: { certFile, keyFile } };
}
