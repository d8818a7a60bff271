import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { ControlClient } from '../../src/base/control-socket.ts';
import { hopelessExitCode } from '../../src/base/exit-codes.ts';
import { encodeFrame, FrameReader } from '../../src/codec/drachtio-wire.ts';
import type { EngineNotices, EngineOperations, TappedMessage } from '../../src/codec/engine-control.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts } from '../support/free-ports.ts';
import { untilReady } from '../support/until-ready.ts';
import {
  type AppDialog,
  type AppRequest,
  type AppResponse,
  offer,
  SipPeer,
  secret,
  startEngine,
  type TestEngine,
} from './sip-engine-support.ts';

/** An application spoken by hand. */
class RawApplication {
  readonly heard: string[] = [];
  isClosed = false;
  readonly #socket: Socket;
  #id = 0;

  constructor(port: number) {
    const reader = new FrameReader(() => 10_000_000);
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.on('data', (chunk: Buffer) => this.heard.push(...reader.push(chunk)));
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      this.isClosed = true;
    });
  }

  /** @returns the tokens of the verdict */
  async ask(request: string): Promise<string[]> {
    const id = `id${++this.#id}`;
    this.#socket.write(encodeFrame(`${id}|${request}`));
    const verdict = await eventually(`verdict on ${request.slice(0, 60)}`, () =>
      this.heard.find((each) => each.split('|')[2] === id),
    );
    return verdict.split('|').slice(3);
  }

  write(text: string): void {
    this.#socket.write(text);
  }

  close(): void {
    this.#socket.destroy();
  }
}

describe('the admin port', () => {
  let test: TestEngine;
  let raw: RawApplication[];
  let peers: SipPeer[];

  beforeEach(async () => {
    test = await startEngine({ orphanLimitMs: 400, applicationTimeoutMs: 300 });
    raw = [];
    peers = [];
  });
  afterEach(async () => {
    for (const each of raw) each.close();
    await test.finish();
    for (const each of peers) each.close();
  });

  function application(): RawApplication {
    const each = new RawApplication(test.drachtioPort);
    raw.push(each);
    return each;
  }
  async function open(): Promise<SipPeer> {
    const peer = await SipPeer.open(test.sipPort);
    peers.push(peer);
    return peer;
  }

  it('greets who knows the secret with addresses and a version', async () => {
    const app = application();
    const [ok, hostPorts, version, local] = await app.ask(`authenticate|${secret}|`);
    expect(ok).toBe('OK');
    expect(hostPorts).toBe(`udp/127.0.0.1:${test.sipPort},tcp/127.0.0.1:${test.sipPort}`);
    expect(version).toMatch(/^v\d+\.\d+\.\d+/);
    expect(local).toBe(hostPorts);
    expect(await app.ask('ping')).toEqual(['OK', 'pong']);
    expect(await app.ask('route|invite')).toEqual(['OK']);
    expect(await app.ask('remove_route|invite')).toEqual(['OK']);
  });

  it('refuses a wrong secret and closes', async () => {
    const app = application();
    expect(await app.ask('authenticate|guess|')).toEqual(['NO', 'incorrect secret']);
    await eventually('it is closed', () => app.isClosed);
  });

  it.each(['ping', 'route|invite', 'sip||\r\nOPTIONS sip:1@127.0.0.1:9 SIP/2.0\r\n\r\n'])(
    'does nothing for a stranger who sends %j first',
    async (request) => {
      const app = application();
      expect((await app.ask(request))[0]).toBe('NO');
      await eventually('it is closed', () => app.isClosed);
      expect(test.engine.stats()).toMatchObject({ transactions: 0, wireClients: 0 });
    },
  );

  it('closes on what is no frame, on a stranger’s large frame and on an unknown type', async () => {
    const garbage = application();
    garbage.write('GET / HTTP/1.1\r\n\r\n');
    const large = application();
    large.write(`5000#${'x'.repeat(5000)}`);
    const unknown = application();
    await unknown.ask(`authenticate|${secret}|`);
    expect(await unknown.ask('dance')).toEqual(['NO', 'Unknown message type']);
    await eventually('all are closed', () => [garbage, large, unknown].every((each) => each.isClosed));
  });

  it('takes frames far beyond 12 kB', async () => {
    const peer = await open();
    const app = application();
    await app.ask(`authenticate|${secret}|`);
    const body = 'ž'.repeat(20_000);
    const verdict = await app.ask(
      `sip||\r\nMESSAGE sip:1@127.0.0.1:${peer.port} SIP/2.0\r\nContent-Type: text/plain\r\n\r\n${body}`,
    );
    expect(verdict[0]).toBe('OK');
    const message = await peer.hearsRequest('MESSAGE');
    expect(message.body).toBe(body);
    peer.answer(message, 200);
  });

  it('gives requests to applications in turn', async () => {
    const peer = await open();
    const counts = [0, 0];
    for (const i of [0, 1])
      await test.connect((app) =>
        app.options((_, response) => {
          counts[i] = (counts[i] ?? 0) + 1;
          response.send(200);
        }),
      );
    await eventually('both take calls', async () => {
      peer.send(peer.request('OPTIONS'));
      await peer.hears('an answer', (each) => each.cseq?.method === 'OPTIONS');
      return counts.every((count) => count > 0);
    });
    const before = [...counts];
    for (let i = 0; i < 6; i++) {
      peer.send(peer.request('OPTIONS'));
      await peer.hearsStatus(200, 'OPTIONS');
    }
    expect(counts.map((count, i) => count - (before[i] ?? 0))).toEqual([3, 3]);
  });

  it('answers 500 for an application that does not', async () => {
    const peer = await open();
    await test.connect((app) => {
      app.invite(() => {});
      app.options(() => {});
    });
    peer.send(peer.request('OPTIONS'));
    await peer.hearsStatus(500, 'OPTIONS');
    const invite = peer.send(peer.request('INVITE', { body: offer }));
    const failed = await peer.hearsStatus(500, 'INVITE');
    peer.send(
      peer
        .request('ACK', { callId: invite.callId })
        .set('Via', invite.get('via') ?? '')
        .set('To', failed.get('to') ?? ''),
    );
  });

  describe('when an application dies', () => {
    const answering = (dialogs: AppDialog[]) => (app: Awaited<ReturnType<TestEngine['connect']>>) =>
      app.invite((request: AppRequest, response: AppResponse) => {
        void app.createUAS(request, response, { localSdp: offer }).then((dialog) => dialogs.push(dialog));
      });
    async function established(): Promise<{
      peer: SipPeer;
      ok: Awaited<ReturnType<SipPeer['hearsStatus']>>;
      app: Awaited<ReturnType<TestEngine['connect']>>;
      dialog: AppDialog;
    }> {
      const peer = await open();
      const dialogs: AppDialog[] = [];
      const app = await test.connect(answering(dialogs));
      peer.send(peer.request('INVITE', { body: offer }));
      const ok = await peer.hearsStatus(200, 'INVITE');
      peer.acknowledge(ok);
      const dialog = await eventually('the application has the dialog', () => dialogs[0]);
      return { peer, ok, app, dialog };
    }

    it('its pending requests get 503', async () => {
      const peer = await open();
      const app = await test.connect((each) => each.invite((_, response) => response.send(180)));
      const invite = peer.send(peer.request('INVITE', { body: offer }));
      await peer.hearsStatus(180, 'INVITE');
      app.disconnect();
      const failed = await peer.hearsStatus(503, 'INVITE');
      peer.send(
        peer
          .request('ACK', { callId: invite.callId })
          .set('Via', invite.get('via') ?? '')
          .set('To', failed.get('to') ?? ''),
      );
    });

    it('its outgoing calls are cancelled', async () => {
      const peer = await open();
      const app = await test.connect();
      app.createUAC(`sip:bob@127.0.0.1:${peer.port}`, { localSdp: offer }).catch(() => {});
      const invite = await peer.hearsRequest('INVITE');
      peer.answer(invite, 180);
      await eventually('it rings', () => test.engine.stats().dialogs === 1);
      app.disconnect();
      const cancel = await peer.hearsRequest('CANCEL');
      expect(cancel.get('reason')).toContain('went away');
      peer.answer(cancel, 200);
      peer.answer(invite, 487);
    });

    it('an answer that comes all the same is acknowledged and ended', async () => {
      const peer = await open();
      const app = await test.connect();
      app.createUAC(`sip:bob@127.0.0.1:${peer.port}`, { localSdp: offer }).catch(() => {});
      const invite = await peer.hearsRequest('INVITE');
      app.disconnect();
      await eventually('it is gone', () => test.engine.stats().wireClients === 0);
      peer.answer(invite, 200, offer);
      await peer.hearsRequest('ACK');
      peer.answer(await peer.hearsRequest('BYE'), 200);
    });

    it('requests within its dialogs get 481', async () => {
      const { peer, ok, app } = await established();
      app.disconnect();
      await eventually('it is gone', () => test.engine.stats().wireClients === 0);
      peer.send(peer.inDialog('INFO', ok, 2));
      await peer.hearsStatus(481, 'INFO');
      peer.send(peer.inDialog('BYE', ok, 3));
      await peer.hearsStatus(481, 'BYE');
    });

    it('another one adopts a dialog by using its id', async () => {
      const { peer, ok, app, dialog } = await established();
      app.disconnect();
      await eventually('it is gone', () => test.engine.stats().wireClients === 0);
      const heir = application();
      await heir.ask(`authenticate|${secret}|`);
      expect((await heir.ask(`sip||${dialog.id}\r\nINFO sip:placeholder SIP/2.0\r\n\r\n`))[0]).toBe('OK');
      peer.answer(await peer.hearsRequest('INFO'), 200);
      peer.send(peer.inDialog('INFO', ok, 2));
      await eventually('the heir hears the peer', () =>
        heir.heard.some((each) => each.includes('\r\nINFO sip:')),
      );
      expect((await heir.ask(`sip||${dialog.id}\r\nBYE sip:placeholder SIP/2.0\r\n\r\n`))[0]).toBe('OK');
      peer.answer(await peer.hearsRequest('BYE'), 200);
    });

    it('a restarted one ends what it journalled, by Call-ID and tags', async () => {
      const { peer, app, dialog } = await established();
      app.disconnect();
      const heir = application();
      await heir.ask(`authenticate|${secret}|`);
      const { callId, localTag, remoteTag } = dialog.sip;
      const bye = [
        `BYE ${peer.contact.slice(1, -1)} SIP/2.0`,
        `call-id: ${callId}`,
        `from: <sip:100@127.0.0.1>;tag=${localTag}`,
        `to: <sip:bob@127.0.0.1>;tag=${remoteTag}`,
        'cseq: 900000000 BYE',
        'reason: SIP;cause=503;text="appliance restarted"',
      ];
      expect((await heir.ask(`sip||\r\n${bye.join('\r\n')}\r\n\r\n`))[0]).toBe('OK');
      const heard = await peer.hearsRequest('BYE');
      expect([heard.callId, heard.fromTag, heard.toTag]).toEqual([callId, localTag, remoteTag]);
      peer.answer(heard, 200);
    });

    it('a dialog that nobody adopts in time is ended', async () => {
      const { peer, app } = await established();
      app.disconnect();
      const bye = await peer.hearsRequest('BYE');
      expect(bye.get('reason')).toContain('Application went away');
      peer.answer(bye, 200);
    });
  });
});

describe('the sip-engine process', () => {
  let dir: string;
  let children: ChildProcess[];

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'cordboard-engine-'));
    children = [];
  });
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  });

  interface Started {
    child: ChildProcess;
    ready: Promise<unknown>;
    exit: Promise<number | null>;
    errors: () => string;
  }
  function start(sipPort: number, drachtioPort: number, env: Record<string, string> = {}): Started {
    const child = fork(new URL('../../src/sip-engine/main.ts', import.meta.url), {
      env: {
        PATH: process.env.PATH ?? '',
        CORDBOARD_DATA: dir,
        CORDBOARD_BIND: '127.0.0.1',
        CORDBOARD_SIP_PORT: String(sipPort),
        CORDBOARD_SIPS_PORT: String(Math.max(sipPort, drachtioPort) + 4 + children.length),
        CORDBOARD_DRACHTIO_PORT: String(drachtioPort),
        CORDBOARD_DRACHTIO_SECRET: secret,
        ...env,
      },
      execArgv: [],
      silent: true,
    });
    children.push(child);
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    return {
      child,
      ready: untilReady(child),
      exit: new Promise((resolve) => child.once('exit', resolve)),
      errors: () => errors,
    };
  }

  it('says when it is ready, taps messages for who listens, counts, and ends on SIGTERM', async () => {
    const port = await freePorts(12);
    const engine = start(port, port + 1);
    expect(await engine.ready).toEqual({ ready: true });
    const control = new ControlClient<EngineOperations, EngineNotices>({
      path: join(dir, 'run', 'sip.sock'),
      clock: systemClock,
    });
    const tapped: TappedMessage[] = [];
    control.events.on('notice', (event, args) => {
      if (event === 'message') tapped.push(args as TappedMessage);
    });
    control.start();
    await eventually('the control socket is up', () => control.isUp);
    const addressing = { publicAddress: '203.0.113.9', localNetworks: ['10.0.0.0/8'] };
    expect(await control.call('configure', addressing)).toBeNull();
    const peer = await SipPeer.open(port);
    const options = peer.send(peer.request('OPTIONS'));
    await peer.hearsStatus(503, 'OPTIONS');
    await eventually('both messages are tapped', () => tapped.length === 2);
    expect(tapped.map((each) => [each.direction, each.transport, each.callId, each.remotePort])).toEqual([
      ['in', 'udp', options.callId, peer.port],
      ['out', 'udp', options.callId, peer.port],
    ]);
    expect(await control.call('stats', {})).toMatchObject({
      pid: engine.child.pid,
      dialogs: 0,
      malformed: 0,
    });
    control.stop();
    peer.close();
    engine.child.kill('SIGTERM');
    expect(await engine.exit).toBe(0);
  });

  it('names the port and its variable when it is taken, and exits', async () => {
    const port = await freePorts(12);
    const first = start(port, port + 1);
    await first.ready;
    const sameSip = start(port, port + 2);
    expect(await sameSip.exit).toBe(hopelessExitCode);
    expect(sameSip.errors()).toContain(`port ${port} is in use; set CORDBOARD_SIP_PORT`);
    const sameAdmin = start(port + 3, port + 1);
    expect(await sameAdmin.exit).toBe(hopelessExitCode);
    expect(sameAdmin.errors()).toContain(`port ${port + 1} is in use; set CORDBOARD_DRACHTIO_PORT`);
  });

  it('does not start without a secret, and ends with its parent', async () => {
    const port = await freePorts(12);
    const open = start(port, port + 1, { CORDBOARD_DRACHTIO_SECRET: '' });
    expect(await open.exit).toBe(hopelessExitCode);
    expect(open.errors()).toContain('CORDBOARD_DRACHTIO_SECRET');
    const orphan = start(port, port + 1);
    await orphan.ready;
    orphan.child.disconnect();
    expect(await orphan.exit).toBe(0);
  });
});
