import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  bits,
  boolean,
  explicit,
  implicit,
  integer,
  joined,
  octets,
  oid,
  sequence,
  set,
  text,
  time,
} from './der.ts';

const ECDSA_SHA256 = '1.2.840.10045.4.3.2';
const COMMON_NAME = '2.5.4.3';
const BASIC_CONSTRAINTS = '2.5.29.19';
const KEY_USAGE = '2.5.29.15';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const ALTERNATIVE_NAMES = '2.5.29.17';
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';

const DAY_MS = 86_400_000;
const DAYS = 90; // browsers refuse server certificates that last for years

/** A server's key and certificates, PEM. */
export interface IssuedCertificate {
  readonly key: string;
  /** with that of the issuer behind it */
  readonly cert: string;
}

export interface LocalCa {
  /** PEM, to be trusted by those who use the network */
  readonly cert: string;
  /** @param names host names and IPv4 addresses */
  issue(names: readonly string[]): IssuedCertificate;
}

/** Makes a certificate authority for this machine. Its key lives as long as the object. */
export function createLocalCa(nowMs: number): LocalCa {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = 'Haulout local network';
  const cert = certificate({ nowMs, name, issuer: name, keys, signer: keys.privateKey });
  return {
    cert,
    issue(names) {
      const server = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const about = { nowMs, name: names[0] ?? 'node', issuer: name, keys: server, names };
      const own = certificate({ ...about, signer: keys.privateKey });
      return { key: pemOf(server.privateKey), cert: own + cert };
    },
  };
}

/** A certificate that vouches for itself, as of nodes that have none of a public authority. */
export function selfSigned(nowMs: number, names: readonly string[]): IssuedCertificate {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = names[0] ?? 'node';
  const about = { nowMs, name, issuer: name, keys, names };
  return { key: pemOf(keys.privateKey), cert: certificate({ ...about, signer: keys.privateKey }) };
}

interface Wanted {
  readonly nowMs: number;
  readonly name: string;
  readonly issuer: string;
  readonly keys: { readonly publicKey: KeyObject };
  readonly signer: KeyObject;
  /** of a server; an authority has none */
  readonly names?: readonly string[];
}

function certificate({ nowMs, name, issuer, keys, signer, names }: Wanted): string {
  const algorithm = sequence(oid(ECDSA_SHA256));
  const body = sequence(
    explicit(0, integer(Uint8Array.of(2))),
    integer(randomBytes(16)),
    algorithm,
    nameOf(issuer),
    sequence(time(nowMs - DAY_MS), time(nowMs + DAYS * DAY_MS)),
    nameOf(name),
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...(names === undefined ? authority() : server(names)))),
  );
  const signature = sign('sha256', body, { key: signer, dsaEncoding: 'der' });
  const whole = sequence(body, algorithm, bits(signature));
  const lines =
    Buffer.from(whole)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function authority(): Uint8Array[] {
  return [
    extension(BASIC_CONSTRAINTS, true, sequence(boolean(true))),
    extension(KEY_USAGE, true, bits(Uint8Array.of(0x06), 1)), // signs certificates and their lists
  ];
}

function server(names: readonly string[]): Uint8Array[] {
  const alternatives = names.map((each) =>
    /^[\d.]+$/.test(each)
      ? implicit(7, Uint8Array.from(each.split('.').map(Number)))
      : implicit(2, new TextEncoder().encode(each)),
  );
  return [
    extension(BASIC_CONSTRAINTS, true, sequence()),
    extension(KEY_USAGE, true, bits(Uint8Array.of(0x80), 7)), // signs handshakes
    extension(EXTENDED_KEY_USAGE, false, sequence(oid(SERVER_AUTHENTICATION))),
    extension(ALTERNATIVE_NAMES, false, sequence(...alternatives)),
  ];
}

function extension(id: string, critical: boolean, value: Uint8Array): Uint8Array {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value));
}

function nameOf(common: string): Uint8Array {
  return sequence(set(joined([sequence(oid(COMMON_NAME), text(common))])));
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}
