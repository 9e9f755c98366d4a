/** Decides what our own gateway is known by over HTTPS: the very certificate it was started with, whatever its names and issuer. */

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { buildConnector } from 'undici';
import { CliError } from '../context.ts';

const UNTRUSTED = /^(ERR_TLS_|CERT_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_(VERIFY|GET)_)/;

/**
 * How to connect to the gateway that shows this certificate, a PEM file; an empty path leaves Node's own rules.
 * Throws `CliError` when there is no certificate in the file.
 */
export function gatewayTrust(certificateFile: string): Partial<buildConnector.BuildOptions> {
  if (certificateFile === '') return {};
  return {
    // The first of a chain is the gateway's own; with its issuers, whoever they certified would be trusted too.
    ca: readCertificate(certificateFile),
    allowPartialTrustChain: true,
    // We call it by its address, which its certificate seldom names.
    checkServerIdentity: () => undefined,
  };
}

/** True when a connection failed because of the certificate: another try will not change that. */
export function isUntrusted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && UNTRUSTED.test(String(error.code));
}

function readCertificate(file: string): string {
  try {
    return new X509Certificate(readFileSync(file)).toString();
  } catch (error) {
    throw new CliError(`The gateway's certificate cannot be read from ${file}: ${String(error)}`);
  }
}
