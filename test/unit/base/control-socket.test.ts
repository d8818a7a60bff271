import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectSocket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock, VirtualClock } from '../../../src/base/clock.ts';
import { ControlClient, ControlServer } from '../../../src/base/control-socket.ts';
import { CordboardError } from '../../../src/base/errors.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { eventually } from '../../support/eventually.ts';

type Ops = {
  add: { args: { a: number; b: number }; result: number };
  refuse: { args: null; result: null };
  never: { args: null; result: null };
};
type Evs = { tick: { n: number } };

describe('a control socket', () => {
  let dir: string;
  let path: string;
  const stops: (() => unknown)[] = [];

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'cordboard-'));
    path = join(dir, 's.sock');
  });
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const serve = async (noticeDelayMs = 0): Promise<ControlServer<Ops, Evs>> => {
    const server = new ControlServer<Ops, Evs>({
      path,
      log: silentLogger,
      noticeDelayMs,
      handlers: {
        add: ({ a, b }) => a + b,
        refuse: () => {
          throw new CordboardError('media.unknown-leg', 'no such leg');
        },
        never: () => new Promise(() => {}),
      },
    });
    await server.start();
    stops.push(() => server.stop());
    return server;
  };
  const connect = async (clock = systemClock): Promise<ControlClient<Ops, Evs>> => {
    const client = new ControlClient<Ops, Evs>({ path, clock, timeoutMs: 1000 });
    client.start();
    stops.push(() => client.stop());
    await eventually('connected', () => client.isUp);
    return client;
  };

  it('answers what is asked, many questions at once', async () => {
    await serve();
    const client = await connect();
    const sums = await Promise.all(Array.from({ length: 100 }, (_, i) => client.call('add', { a: i, b: 1 })));
    expect(sums).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  });

  it('carries the code of a refusal to the one who asked', async () => {
    await serve();
    const client = await connect();
    await expect(client.call('refuse', null)).rejects.toMatchObject({ code: 'media.unknown-leg' });
  });

  it('gives up a question that is not answered in time', async () => {
    await serve();
    const clock = new VirtualClock();
    const client = await connect(clock);
    const asked = client.call('never', null);
    clock.advance(1001);
    await expect(asked).rejects.toMatchObject({ code: 'control.disconnected' });
  });

  it('fails what is under way when the engine goes, and is up again when it is back', async () => {
    const server = await serve();
    const client = await connect();
    const asked = client.call('never', null);
    const down = new Promise<void>((resolve) => client.events.once('down', resolve));
    await server.stop();
    await expect(asked).rejects.toMatchObject({ code: 'control.disconnected' });
    await down;
    await expect(client.call('add', { a: 1, b: 1 })).rejects.toMatchObject({ code: 'control.disconnected' });
    await serve();
    await eventually('connected again', () => client.isUp);
    expect(await client.call('add', { a: 1, b: 1 })).toBe(2);
  });

  it.each([0, 20])('tells every client each notice in order, held back %i ms', async (noticeDelayMs) => {
    const server = await serve(noticeDelayMs);
    const heard: number[][] = [[], []];
    for (const list of heard) {
      const client = await connect();
      client.events.on('notice', (_, { n }) => list.push(n));
      await client.call('add', { a: 0, b: 0 });
    }
    for (let n = 0; n < 50; n++) server.notify('tick', { n });
    const all = Array.from({ length: 50 }, (_, n) => n);
    await eventually('all are told', () => heard.every((list) => list.length === 50));
    expect(heard).toEqual([all, all]);
  });

  it('ends a connection that sends a line without end', async () => {
    await serve();
    const client = await connect();
    const down = new Promise<void>((resolve) => client.events.once('down', resolve));
    client.call('add', { a: 0, b: 0, filler: 'x'.repeat(5 << 20) } as never).catch(() => {});
    await down;
  });

  it.each(['null', '[]', '{"id":1}', '{"id":"1","op":"add"}', 'not json'])(
    'lets go of a client that says %s, and serves the others',
    async (line) => {
      await serve();
      const client = await connect();
      const socket = connectSocket(path);
      let answers = '';
      socket.on('data', (chunk: Buffer) => {
        answers += chunk.toString('utf8');
      });
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.write(`{"id":1,"op":"add","args":null}\n{"id":2,"op":"toString"}\n`);
      await eventually('two answers', () => answers.split('\n').length === 3);
      expect(answers.match(/"ok":false/g)).toHaveLength(2);
      socket.write(`${line}\n{"id":3,"op":"add","args":{"a":1,"b":1}}\n`);
      await closed;
      expect(answers).not.toContain('"id":3');
      expect(await client.call('add', { a: 1, b: 2 })).toBe(3);
    },
  );

  it.each(['null', '{"id":1}', 'not json'])(
    'lets go of an engine that says %s, and connects anew',
    async (line) => {
      const connections: string[] = [];
      const rubbish = createServer((socket) => {
        connections.push(line);
        socket.on('error', () => {});
        socket.write(connections.length === 1 ? `${line}\n` : '{"event":"tick","args":{"n":1}}\n');
        stops.push(() => socket.destroy());
      });
      await new Promise<void>((resolve) => rubbish.listen(path, resolve));
      stops.push(() => rubbish.close());
      const client = new ControlClient<Ops, Evs>({ path, clock: systemClock });
      stops.push(() => client.stop());
      const heard = new Promise((resolve) => client.events.once('notice', (_, { n }) => resolve(n)));
      client.start();
      expect(await heard).toBe(1);
      expect(connections).toHaveLength(2);
    },
  );

  it('takes over the socket file of a process that is dead', async () => {
    const left = createServer();
    await new Promise<void>((resolve) => left.listen(path, resolve));
    stops.push(() => left.close());
    await serve();
    const client = await connect();
    expect(await client.call('add', { a: 2, b: 2 })).toBe(4);
  });
});
