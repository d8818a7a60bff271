/**
 * SIP over TLS (RFC 3261 §26.2, RFC 5922). Whoever connects to us sees the certificate that the appliance issued;
 * whom we connect to must show one that is valid for the name we looked for, unless the settings of that host say
 * otherwise. TLS 1.2 and newer.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import {
  checkServerIdentity,
  connect,
  createSecureContext,
  createServer,
  getCACertificates,
  type PeerCertificate,
  type SecureContext,
  type Server,
} from 'node:tls';
import type { Logger } from '../base/log.ts';
import type { TlsCertificate, TlsPeer } from '../codec/engine-control.ts';
import type { StreamTarget, StreamWire } from './stream-wire.ts';
import { explainTlsFailure, unreadableCa } from './tls-failure.ts';

const minVersion = 'TLSv1.2';
/** A handshake that takes longer has failed. */
const handshakeTimeoutMs = 10_000;

interface Trust {
  verify: boolean;
  /** Authorities besides the public ones; undefined: only those. */
  context: SecureContext | undefined;
  /** The authority of the settings cannot be read. */
  isBroken: boolean;
  fingerprint: string;
}

const publicTrust: Trust = { verify: true, context: undefined, isBroken: false, fingerprint: '' };

export class TlsWire implements StreamWire {
  readonly protocol = 'tls';
  readonly portVariable = 'CORDBOARD_SIPS_PORT';
  readonly connectedEvent = 'secureConnect';
  readonly #log: Logger;
  readonly #ready = new Map<string, (stream: Socket) => void>();
  #handshakes: Server | undefined;
  #trusts: ReadonlyMap<string, Trust> = new Map();

  constructor(options: { log: Logger }) {
    this.#log = options.log;
  }

  /**
   * The certificate for new connections from now on; those there are go on as they are.
   * @throws Error when key or certificate cannot be read
   */
  present({ key, certificate }: TlsCertificate): void {
    const context = { key, cert: certificate, minVersion } as const;
    if (this.#handshakes) this.#handshakes.setSecureContext(context);
    else this.#handshakes = this.#createHandshakes(context);
  }

  /** Hosts with settings of their own. */
  trust(peers: readonly TlsPeer[]): void {
    const before = this.#trusts;
    const trusts = new Map<string, Trust>();
    for (const peer of peers) {
      const fingerprint = fingerprintOf(peer);
      const known = before.get(peer.host.toLowerCase());
      trusts.set(
        peer.host.toLowerCase(),
        known?.fingerprint === fingerprint ? known : trustOf(peer, fingerprint),
      );
    }
    this.#trusts = trusts;
  }

  accept(socket: Socket, ready: (stream: Socket) => void): void {
    const handshakes = this.#handshakes;
    if (!handshakes) {
      socket.destroy(); // the appliance has not started yet; phones come again
      return;
    }
    const key = endsOf(socket);
    this.#ready.set(key, ready);
    socket.once('close', () => {
      if (this.#ready.get(key) === ready) this.#ready.delete(key);
    });
    handshakes.emit('connection', socket);
  }

  connect({ address, port, name, localAddress }: StreamTarget): Socket {
    const trust = this.#trustIn(name);
    const socket = connect({
      host: address,
      port,
      minVersion,
      // No SNI for an address (RFC 6066 §3).
      servername: isIP(name) === 0 ? name : '',
      rejectUnauthorized: trust.verify,
      checkServerIdentity: (_, certificate) => checkSipIdentity(name, certificate),
      ...(trust.context === undefined ? {} : { secureContext: trust.context }),
      ...(localAddress === undefined ? {} : { localAddress }),
    });
    socket.setNoDelay(true);
    if (trust.isBroken) process.nextTick(() => socket.destroy(unreadableCa()));
    return socket;
  }

  /** A connection that proved to be one name is not used for another, nor one under settings of before. */
  identityOf(name: string): string {
    const { fingerprint } = this.#trustIn(name);
    return isIP(name) !== 0 && fingerprint === '' ? '' : `${name.toLowerCase()} ${fingerprint}`;
  }

  explain(error: NodeJS.ErrnoException, name: string): string {
    return explainTlsFailure(error, name);
  }

  #trustIn(name: string): Trust {
    return this.#trusts.get(name.toLowerCase()) ?? publicTrust;
  }

  #createHandshakes(context: { key: string; cert: string; minVersion: typeof minVersion }): Server {
    const server = createServer({ ...context, handshakeTimeout: handshakeTimeoutMs, noDelay: true });
    server.on('secureConnection', (stream) => {
      const ready = this.#ready.get(endsOf(stream));
      if (ready) ready(stream);
      else stream.destroy();
    });
    // A phone that does not trust our authority, or a scanner: either way nothing is wrong with this server.
    server.on('tlsClientError', (error, stream) => {
      this.#log.debug('a TLS handshake failed', { remote: stream.remoteAddress, reason: error.message });
      stream.destroy();
    });
    return server;
  }
}

/**
 * RFC 5922 §7.2: a `sip:` URI among the certificate's alternative names that is the domain itself, else a DNS name,
 * or an address. Departing from it, a DNS name may have a wildcard: public authorities sell them to carriers.
 */
export function checkSipIdentity(name: string, certificate: PeerCertificate): Error | undefined {
  const uris = (certificate.subjectaltname ?? '').split(', ').filter((each) => each.startsWith('URI:sip'));
  if (uris.some((each) => /^URI:sips?:([^;?]*)/i.exec(each)?.[1]?.toLowerCase() === name.toLowerCase()))
    return undefined;
  return checkServerIdentity(name, certificate);
}

function trustOf({ ca, verify }: TlsPeer, fingerprint: string): Trust {
  if (ca === null) return { verify, context: undefined, isBroken: false, fingerprint };
  try {
    // OpenSSL would pass over one that it cannot read.
    for (const pem of ca.match(/-----BEGIN[\s\S]+?-----END[^\n]*/g) ?? ['']) new X509Certificate(pem);
    const context = createSecureContext({ ca: [...getCACertificates('default'), ca], minVersion });
    return { verify, context, isBroken: false, fingerprint };
  } catch {
    return { verify, context: undefined, isBroken: true, fingerprint };
  }
}

function fingerprintOf({ ca, verify }: TlsPeer): string {
  return createHash('sha256')
    .update(`${verify} ${ca ?? ''}`)
    .digest('base64url');
}

/** Both ends of a connection, the same for it and for the TLS within. */
function endsOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
