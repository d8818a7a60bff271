import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { pcapOf } from '../../src/api/pcap.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import type { TappedMessage } from '../../src/codec/engine-control.ts';
import { SipTrace } from '../../src/store/sip-trace.ts';

function message(atMs: number, more: Partial<TappedMessage>): TappedMessage {
  const text =
    'OPTIONS sip:100@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n' +
    'To: <sip:100@192.0.2.1>\r\nCall-ID: x@1\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n' +
    'Authorization: Digest username="a", nonce="n", response="0123456789abcdef"\r\n\r\n';
  return {
    atMs,
    direction: 'in',
    transport: 'udp',
    localAddress: '192.0.2.1',
    localPort: 5060,
    remoteAddress: '192.0.2.7',
    remotePort: 5062,
    callId: 'x@1',
    text,
    ...more,
  };
}

describe('the ladder of a stored call as a packet capture', () => {
  it('is read by tshark: SIP over UDP, TCP and IPv6 with true addresses, times and checksums', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'cordboard-pcap-'));
    const trace = new SipTrace({ file: join(directory, 'trace.db'), clock: systemClock, log: silentLogger });
    trace.start();
    const t0 = Date.UTC(2026, 0, 5, 9);
    trace.add(message(t0, {}));
    trace.add(message(t0 + 1, { direction: 'out', transport: 'tcp', localPort: 5070, remotePort: 40_001 }));
    trace.add(message(t0 + 1500, { localAddress: '2001:db8::1', remoteAddress: '2001:db8::7' }));
    trace.save('c1', ['x@1']);
    await trace.stop();
    const again = new SipTrace({ file: join(directory, 'trace.db'), clock: systemClock, log: silentLogger });
    again.start();
    const file = join(directory, 'call.pcap');
    await writeFile(file, pcapOf(await again.ladder('c1')));
    await again.stop();
    const fields = [
      'frame.time_epoch',
      'ip.src',
      'ipv6.src',
      'udp.srcport',
      'tcp.srcport',
      'sip.CSeq.method',
    ];
    const { stdout } = await promisify(execFile)('tshark', [
      ...['-r', file, '-T', 'fields', '-E', 'separator=;', '-d', 'tcp.port==5070,sip'],
      ...['ip.check_checksum', 'udp.check_checksum', 'tcp.check_checksum'].flatMap((name) => [
        '-o',
        `${name}:TRUE`,
      ]),
      ...[
        ...fields,
        'ip.checksum.status',
        'udp.checksum.status',
        'tcp.checksum.status',
        'sip.auth.digest.response',
      ].flatMap((name) => ['-e', name]),
    ]);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(';'));
    expect(rows.map((row) => row.slice(1))).toEqual([
      ['192.0.2.7', '', '5062', '', 'OPTIONS', '1', '1', '', '"xxxxxxxxxxxxxxxx"'],
      ['192.0.2.1', '', '', '5070', 'OPTIONS', '1', '', '1', '"xxxxxxxxxxxxxxxx"'],
      ['', '2001:db8::7', '5062', '', 'OPTIONS', '', '1', '', '"xxxxxxxxxxxxxxxx"'],
    ]);
    expect(rows.map(([time]) => Math.round(Number(time) * 1000))).toEqual([t0, t0 + 1, t0 + 1500]);
    await rm(directory, { recursive: true, force: true });
  });
});
