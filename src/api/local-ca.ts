/**
 * The box's own certificate authority and the server certificate it issues: HTTPS from the first start, because
 * browsers give a microphone to secure pages only. The authority lives ten years, so that people trust it once;
 * the server certificate is renewed by itself when names change or its end comes near.
 */
import './reflect-metadata.ts';
import { createPrivateKey, X509Certificate as NodeCertificate, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { Clock } from '../base/clock.ts';
import { randomId } from '../base/ids.ts';
import type { Logger } from '../base/log.ts';
import type { OwnNames } from './own-names.ts';
import { readIfThere, writePrivateFile } from './private-file.ts';

const dayMs = 24 * 3_600_000;
const caDays = 3_652;
/** The longest that browsers take. */
const serverDays = 397;
const renewBeforeDays = 30;
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Private key and certificate in PEM. */
export interface KeyAndCertificate {
  key: string;
  certificate: string;
}

export class LocalCa {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #log: Logger;
  #ca: KeyAndCertificate | null = null;
  #server: KeyAndCertificate | null = null;

  constructor(parts: { dataDir: string; clock: Clock; log: Logger }) {
    this.#folder = join(parts.dataDir, 'tls');
    this.#clock = parts.clock;
    this.#log = parts.log;
  }

  /** PEM of the authority, for browsers to trust; null before `open`. */
  get caCertificate(): string | null {
    return this.#ca?.certificate ?? null;
  }

  /** Reads what earlier starts made, or makes it. Key and certificate are in one file: they cannot part. */
  async open(): Promise<void> {
    this.#ca = await this.#read('ca-with-key.pem');
    if (!this.#ca) {
      this.#ca = await this.#makeCa();
      await this.#write('ca-with-key.pem', this.#ca);
      this.#log.info('api: a local certificate authority was made', { folder: this.#folder });
    }
    await writePrivateFile(join(this.#folder, 'ca.pem'), this.#ca.certificate);
    this.#server = await this.#read('server-with-key.pem');
  }

  /** The server's key and certificate for these names, issued anew when needed; `renewed` tells whether. */
  async server(names: OwnNames): Promise<{ key: string; certificate: string; renewed: boolean }> {
    if (!this.#ca) throw new RangeError('the authority is not open');
    const reason = this.#server ? this.#staleness(this.#server.certificate, names) : 'there is none yet';
    if (this.#server && reason === null) return { ...this.#server, renewed: false };
    this.#server = await this.#issue(this.#ca, names);
    await this.#write('server-with-key.pem', this.#server);
    this.#log.info('api: a server certificate was issued', { reason, names: [...names.dns, ...names.ips] });
    return { ...this.#server, renewed: true };
  }

  /** Why a certificate will not do any longer; null: it will. */
  #staleness(pem: string, names: OwnNames): string | null {
    const certificate = new NodeCertificate(pem);
    const now = this.#clock.now();
    if (Date.parse(certificate.validFrom) > now) return 'the clock went back';
    if (Date.parse(certificate.validTo) - now < renewBeforeDays * dayMs) return 'it ends soon';
    const ca = new NodeCertificate(this.#ca?.certificate ?? '');
    if (!certificate.checkIssued(ca) || !certificate.verify(ca.publicKey))
      return 'another authority issued it';
    const missing = [
      ...names.dns.filter((name) => certificate.checkHost(name) === undefined),
      ...names.ips.filter((ip) => certificate.checkIP(ip) === undefined),
    ];
    return missing.length > 0 ? `it lacks ${missing.join(', ')}` : null;
  }

  async #makeCa(): Promise<KeyAndCertificate> {
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const now = this.#clock.now();
    const certificate = await X509CertificateGenerator.createSelfSigned({
      serialNumber: serialNumber(),
      // Two boxes must not look alike in a browser's list.
      name: `CN=Cordboard ${randomId(6)} local authority, O=Cordboard`,
      notBefore: new Date(now - dayMs),
      notAfter: new Date(now + caDays * dayMs),
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return { key: await pemOf(keys.privateKey), certificate: `${certificate.toString('pem')}\n` };
  }

  async #issue(ca: KeyAndCertificate, names: OwnNames): Promise<KeyAndCertificate> {
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const issuer = new X509Certificate(ca.certificate);
    const signingKey = await crypto.subtle.importKey(
      'pkcs8',
      createPrivateKey(ca.key).export({ type: 'pkcs8', format: 'der' }),
      algorithm,
      false,
      ['sign'],
    );
    const now = this.#clock.now();
    const certificate = await X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: 'CN=Cordboard, O=Cordboard',
      issuer: issuer.subject,
      notBefore: new Date(Math.max(now - dayMs, issuer.notBefore.getTime())),
      notAfter: new Date(Math.min(now + (serverDays - 1) * dayMs, issuer.notAfter.getTime())),
      publicKey: keys.publicKey,
      signingKey,
      signingAlgorithm: algorithm,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension([
          ...names.dns.map((value) => ({ type: 'dns' as const, value })),
          ...names.ips.map((value) => ({ type: 'ip' as const, value })),
        ]),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
        await AuthorityKeyIdentifierExtension.create(issuer),
      ],
    });
    return { key: await pemOf(keys.privateKey), certificate: `${certificate.toString('pem')}\n` };
  }

  async #read(name: string): Promise<KeyAndCertificate | null> {
    const text = await readIfThere(join(this.#folder, name));
    if (text === null) return null;
    try {
      const key = /-----BEGIN PRIVATE KEY-----[\s\S]+?-----END PRIVATE KEY-----\n?/.exec(text)?.[0] ?? '';
      const pem = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n?/.exec(text)?.[0] ?? '';
      const certificate = new NodeCertificate(pem);
      if (!certificate.checkPrivateKey(createPrivateKey(key)))
        throw new RangeError('key and certificate differ');
      if (Date.parse(certificate.validTo) <= this.#clock.now())
        throw new RangeError('the certificate has ended');
      return { key, certificate: pem };
    } catch (error) {
      this.#log.warn('api: a certificate file is of no use and is made anew', { name, error });
      return null;
    }
  }

  #write(name: string, pair: KeyAndCertificate): Promise<void> {
    return writePrivateFile(join(this.#folder, name), pair.key + pair.certificate);
  }
}

async function pemOf(key: CryptoKey): Promise<string> {
  return `${PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;
}

/** 16 random bytes, positive (RFC 5280 section 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}
