// Makes a certificate pair for a test: the smallest X.509 version 1 certificate that is valid, signed by its own key.
import { generateKeyPairSync, sign } from 'node:crypto';

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
/** ecdsa-with-SHA256 and commonName, encoded as object identifiers. */
const ECDSA_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const LONG_FORM = 0x80;

/** PEM texts for a host of this name, valid from 2020 to 2049. */
export function selfSignedPair(commonName: string): { cert: string; key: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const algorithm = der(SEQUENCE, ECDSA_SHA256);
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, Buffer.from(commonName)))));
  const validity = der(
    SEQUENCE,
    der(UTC_TIME, Buffer.from('200101000000Z')),
    der(UTC_TIME, Buffer.from('490101000000Z')),
  );
  const publicInfo = publicKey.export({ type: 'spki', format: 'der' });
  const facts = der(SEQUENCE, der(INTEGER, Buffer.of(1)), algorithm, name, validity, name, publicInfo);
  const signature = sign('sha256', facts, privateKey);
  const certificate = der(SEQUENCE, facts, algorithm, der(BIT_STRING, Buffer.of(0), signature));
  return { cert: toPem(certificate), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  if (length < LONG_FORM) return Buffer.concat([Buffer.of(tag, length), content]);
  return Buffer.concat([Buffer.of(tag, LONG_FORM | 2, length >> 8, length % 256), content]);
}

function toPem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
