/**
 * What the people of the demo say: a handful of conversations, spoken by espeak-ng once and kept. A conversation is two
 * tracks of the same length, one for each side, silent while the other speaks.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const bytesPerSecond = 8000;
/** µ-law of silence. */
const silence = 0xff;

/** One conversation: who speaks (agent or customer), and what. */
type Script = readonly (readonly ['agent' | 'customer', string])[];

const inbound: readonly Script[] = [
  [
    ['agent', 'Good morning, you are speaking with the demo office. How can I help?'],
    ['customer', 'Hello, I ordered a lamp last week and it has not arrived yet.'],
    ['agent', 'I am sorry to hear that. May I have the order number, please?'],
    ['customer', 'Yes, it is four seven one two nine.'],
    ['agent', 'Thank you. It left our store yesterday and should be with you tomorrow before noon.'],
    ['customer', 'Very good. Thank you, good bye.'],
    ['agent', 'Thank you for calling. Good bye.'],
  ],
  [
    ['agent', 'Hello, this is the support desk.'],
    ['customer', 'Hi. My phone says that it is not registered.'],
    ['agent', 'Let us look at it together. Which extension is it?'],
    ['customer', 'One hundred and four.'],
    ['agent', 'I can see it now. Please unplug it, wait for ten seconds, and plug it in again.'],
    ['customer', 'One moment. Yes, now it works.'],
    ['agent', 'Wonderful. Is there anything else?'],
    ['customer', 'No, that was all. Thank you.'],
  ],
  [
    ['agent', 'Sales, good afternoon.'],
    ['customer', 'Good afternoon. I would like to know what the small package costs.'],
    ['agent', 'It is nineteen a month, for up to ten people, and there is no minimum term.'],
    ['customer', 'And if we grow?'],
    ['agent', 'Then you add people one by one. Shall I send you an offer?'],
    ['customer', 'Please do. You have my address from the last order.'],
    ['agent', 'I do. It will be with you within the hour.'],
  ],
  [
    ['agent', 'Hello, how can I help you?'],
    ['customer', 'I would like to change my appointment on Thursday.'],
    ['agent', 'Of course. Friday at ten is free, or Monday at half past two.'],
    ['customer', 'Monday is better.'],
    ['agent', 'Then I have you down for Monday at half past two. See you then.'],
  ],
];

const outbound: readonly Script[] = [
  [
    ['customer', 'Hello?'],
    ['agent', 'Good day, this is the demo office. You asked us to call you back about your order.'],
    ['customer', 'Oh yes. Is it ready?'],
    ['agent', 'It is, and you can collect it from tomorrow on.'],
    ['customer', 'Thank you for telling me.'],
  ],
  [
    ['customer', 'Yes, hello?'],
    ['agent', 'Hello, I am calling about your service next week. Does Tuesday still suit you?'],
    ['customer', 'Tuesday is fine. In the morning, please.'],
    ['agent', 'Nine o clock it is. Good bye.'],
  ],
];

const voices = { agent: ['en-gb', '158'], customer: ['en-us', '170'] } as const;

export interface Conversation {
  /** G.711 µ-law at 8 kHz; both of the same length. */
  agent: Uint8Array;
  customer: Uint8Array;
  durationMs: number;
}

export interface Conversations {
  inbound: Conversation[];
  outbound: Conversation[];
}

/** Speaks all conversations, or takes them from `cacheDir`. @throws Error when espeak-ng or ffmpeg fails */
export async function speakAll(cacheDir: string): Promise<Conversations> {
  mkdirSync(cacheDir, { recursive: true });
  const all = { inbound: [] as Conversation[], outbound: [] as Conversation[] };
  for (const script of inbound) all.inbound.push(await conversation(script, cacheDir));
  for (const script of outbound) all.outbound.push(await conversation(script, cacheDir));
  return all;
}

async function conversation(script: Script, cacheDir: string): Promise<Conversation> {
  const pause = new Uint8Array(bytesPerSecond / 2).fill(silence);
  const parts: Record<'agent' | 'customer', Uint8Array[]> = { agent: [], customer: [] };
  for (const [who, text] of script) {
    const said = await speak(who, text, cacheDir);
    const other = who === 'agent' ? 'customer' : 'agent';
    parts[who].push(said, pause);
    parts[other].push(new Uint8Array(said.length + pause.length).fill(silence));
  }
  const agent = new Uint8Array(Buffer.concat(parts.agent));
  const customer = new Uint8Array(Buffer.concat(parts.customer));
  return { agent, customer, durationMs: (agent.length / bytesPerSecond) * 1000 };
}

async function speak(who: 'agent' | 'customer', text: string, cacheDir: string): Promise<Uint8Array> {
  const [voice, wordsPerMinute] = voices[who];
  const name = createHash('sha256').update(`${voice} ${wordsPerMinute} ${text}`).digest('hex').slice(0, 16);
  const file = join(cacheDir, `${name}.ul`);
  try {
    return readFileSync(file);
  } catch {
    // Not spoken yet.
  }
  const wav = `${file}.wav`;
  await run('espeak-ng', ['-v', voice, '-s', wordsPerMinute, '-w', wav, text]);
  await run('ffmpeg', [
    '-loglevel',
    'error',
    '-y',
    '-i',
    wav,
    '-ar',
    '8000',
    '-ac',
    '1',
    '-f',
    'mulaw',
    `${file}.new`,
  ]);
  renameSync(`${file}.new`, file);
  writeFileSync(wav, ''); // the telephone's version is what is kept
  return readFileSync(file);
}
