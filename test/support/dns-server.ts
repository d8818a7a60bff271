/** A small name server on loopback, so that tests of names leave the machine alone. Nothing of Node's encodes answers. */
import { createSocket, type Socket } from 'node:dgram';

const types = { A: 1, NS: 2, CNAME: 5, SOA: 6, AAAA: 28, SRV: 33, NAPTR: 35 } as const;
type RecordType = keyof typeof types;

export type DnsRecord = { ttlS?: number } & (
  | { type: 'A' | 'AAAA'; address: string }
  | { type: 'CNAME'; target: string }
  | { type: 'SRV'; priority: number; weight: number; port: number; target: string }
  | { type: 'NAPTR'; order: number; preference: number; flags: string; service: string; replacement: string }
);

export class DnsServer {
  /** Answers by name, lower case. */
  readonly zone = new Map<string, DnsRecord[]>();
  /** Each question so far: `SRV _sip._udp.example.test`. */
  readonly questions: string[] = [];
  /** What it does with questions. */
  mood: 'answers' | 'silent' | 'fails' | 'refuses' = 'answers';
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (query, { address, port }) => {
      const answer = this.#answer(query);
      if (answer) socket.send(answer, port, address);
    });
  }

  static async start(zone: Record<string, DnsRecord[]> = {}): Promise<DnsServer> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const server = new DnsServer(socket);
    for (const [name, records] of Object.entries(zone)) server.zone.set(name, records);
    return server;
  }

  /** As CORDBOARD_DNS takes it. */
  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }

  #answer(query: Buffer): Buffer | undefined {
    const { name, end } = readName(query, 12);
    const type = (Object.keys(types) as RecordType[]).find((key) => types[key] === query.readUInt16BE(end));
    this.questions.push(`${type ?? query.readUInt16BE(end)} ${name}`);
    if (this.mood === 'silent') return undefined;
    const all = this.zone.get(name.toLowerCase()) ?? [];
    const alias = all.find((each) => each.type === 'CNAME');
    const target = alias ? (this.zone.get(alias.target) ?? []) : all;
    const records = [
      ...(alias ? [{ owner: name, record: alias }] : []),
      ...target
        .filter((each) => each.type === type && type !== 'CNAME')
        .map((record) => ({ owner: alias?.target ?? name, record })),
    ];
    if (this.mood !== 'answers') records.length = 0;
    const exists = this.mood === 'answers' && this.zone.has(name.toLowerCase());
    const code = this.mood === 'fails' ? 2 : this.mood === 'refuses' ? 5 : exists ? 0 : 3;
    const header = Buffer.alloc(12);
    header.writeUInt16BE(query.readUInt16BE(0), 0);
    header.writeUInt16BE(0x8580 | code, 2); // a response, authoritative, recursion as wished
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    const question = query.subarray(12, end + 4);
    return Buffer.concat([
      header,
      question,
      ...records.map(({ owner, record }) => encodeRecord(owner, record)),
    ]);
  }
}

function readName(message: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), end: at + 1 };
}

function encodeName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([...labels.map(encodeText), Buffer.alloc(1)]);
}

/** A length byte and what it counts. */
function encodeText(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'latin1')]);
}

function encodeRecord(name: string, record: DnsRecord): Buffer {
  const data = encodeData(record);
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(types[record.type], 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(record.ttlS ?? 300, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([encodeName(name), fixed, data]);
}

function encodeData(record: DnsRecord): Buffer {
  switch (record.type) {
    case 'A':
      return Buffer.from(record.address.split('.').map(Number));
    case 'AAAA':
      return encodeIpv6(record.address);
    case 'CNAME':
      return encodeName(record.target);
    case 'SRV':
      return Buffer.concat([numbers(record.priority, record.weight, record.port), encodeName(record.target)]);
    case 'NAPTR':
      return Buffer.concat([
        numbers(record.order, record.preference),
        encodeText(record.flags),
        encodeText(record.service),
        encodeText(''),
        encodeName(record.replacement),
      ]);
  }
}

function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, 2 * i);
  return bytes;
}

function encodeIpv6(address: string): Buffer {
  const [head = '', tail] = address.split('::');
  const groups = (text: string): string[] => text.split(':').filter((group) => group !== '');
  const before = groups(head);
  const after = groups(tail ?? '');
  const middle = Array<string>(8 - before.length - after.length).fill('0');
  return numbers(...[...before, ...middle, ...after].map((group) => Number.parseInt(group, 16)));
}
