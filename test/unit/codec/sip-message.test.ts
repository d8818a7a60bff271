import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  maxHeaderLines,
  parseApplicationMessage,
  parseCSeq,
  parseSipMessage,
  SipMessage,
} from '../../../src/codec/sip-message.ts';

const text = (lines: string[], body = ''): Buffer => Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);

const invite = [
  'INVITE sip:100@192.0.2.1 SIP/2.0',
  'Via: SIP/2.0/UDP 192.0.2.9:5070;branch=z9hG4bK1;rport',
  'Max-Forwards: 70',
  'From: "Anna; Bell" <sip:anna@192.0.2.9>;tag=a1',
  'To: <sip:100@192.0.2.1>',
  'Call-ID: one@192.0.2.9',
  'CSeq: 7 INVITE',
];

describe('a SIP message', () => {
  it('is read with its start line, headers and body', () => {
    const message = parseSipMessage(text([...invite, 'Content-Length: 3'], 'v=0'))!;
    expect(message.problem).toBeNull();
    expect([message.method, message.uri, message.body]).toEqual(['INVITE', 'sip:100@192.0.2.1', 'v=0']);
    expect([message.callId, message.fromTag, message.toTag]).toEqual(['one@192.0.2.9', 'a1', '']);
    expect(message.cseq).toEqual({ number: 7, method: 'INVITE' });
    expect(message.topVia).toMatchObject({
      transport: 'UDP',
      host: '192.0.2.9',
      port: 5070,
      branch: 'z9hG4bK1',
    });
  });

  it('is written as it was read, with a true Content-Length', () => {
    const source = text([...invite, 'Content-Length: 3'], 'v=0').toString();
    expect(parseSipMessage(Buffer.from(source))!.serialise()).toBe(source);
  });

  it('counts Content-Length in bytes, not characters', () => {
    const message = SipMessage.request('MESSAGE', 'sip:a@b').add('Call-ID', 'x');
    message.body = 'žluť';
    expect(message.serialise()).toContain('Content-Length: 6\r\n\r\nžluť');
  });

  it('knows headers by any spelling, the compact form included', () => {
    const message = parseSipMessage(
      text(['BYE sip:a@b SIP/2.0', 'v: SIP/2.0/TCP h', 'i: c', 'F: <sip:x@y>;tag=1', 'x: 1800']),
    )!;
    expect(message.topVia?.transport).toBe('TCP');
    expect(message.callId).toBe('c');
    expect(message.fromTag).toBe('1');
    expect(message.get('session-expires')).toBe('1800');
  });

  it('joins folded lines with one space', () => {
    const message = parseSipMessage(text([...invite, 'Subject: first', '   second', '\tthird']))!;
    expect(message.get('subject')).toBe('first second third');
  });

  it('cuts list headers at commas outside quotes and brackets, over all lines', () => {
    const message = parseSipMessage(
      text([...invite, 'Route: <sip:a;x="1,2";lr>, "b, c" <sip:d,e>', 'Route: <sip:f>']),
    )!;
    expect(message.list('route')).toEqual(['<sip:a;x="1,2";lr>', '"b, c" <sip:d,e>', '<sip:f>']);
  });

  it('drops bytes beyond Content-Length and calls fewer a problem (RFC 3261 §18.3)', () => {
    expect(parseSipMessage(text([...invite, 'Content-Length: 2'], 'v=0 and more'))).toMatchObject({
      body: 'v=',
      problem: null,
    });
    expect(parseSipMessage(text([...invite, 'Content-Length: 99'], 'v=0'))?.problem).toMatch(/shorter/);
  });

  it.each([
    ['a header without a colon', [...invite, 'nonsense'], 'bad header line'],
    ['a header with a blank in its name', [...invite, 'Bad Name: x'], 'bad header line'],
    ['two Content-Lengths', [...invite, 'Content-Length: 0', 'l: 0'], 'bad Content-Length'],
    ['a negative Content-Length', [...invite, 'Content-Length: -1'], 'bad Content-Length'],
    [
      'a lone line feed in a value',
      [...invite, 'Subject: a\nContact: <sip:evil@x>'],
      'stray control character',
    ],
    ['a NUL', [...invite, 'Subject: a\0b'], 'stray control character'],
    ['another version', ['INVITE sip:a@b SIP/7.0', ...invite.slice(1)], 'bad version'],
    ['spaces in the Request-URI', ['INVITE sip:a@b; lr SIP/2.0', ...invite.slice(1)], 'bad Request-URI'],
    ['brackets around the Request-URI', ['INVITE <sip:a@b> SIP/2.0', ...invite.slice(1)], 'bad Request-URI'],
    ['too many headers', [...invite, ...Array<string>(maxHeaderLines).fill('X: y')], 'too many headers'],
  ])('names the problem of %s', (_, lines, problem) => {
    expect(parseSipMessage(text(lines))?.problem).toBe(problem);
  });

  it.each([
    '',
    '\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'SIP/2.0 99 x\r\n\r\n',
    'SIP/2.0 OK\r\n\r\n',
    'INVITE\r\n\r\n',
  ])('is none when it begins %j', (start) => {
    expect(parseSipMessage(Buffer.from(start))).toBeNull();
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        parseSipMessage(Buffer.from(bytes));
      }),
    );
  });

  it('never throws on a good message with bytes changed, and what it accepts it can write and read again', () => {
    const good = text([...invite, 'Contact: <sip:anna@192.0.2.9>', 'Content-Length: 3'], 'v=0');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        (changes) => {
          const bytes = Buffer.from(good);
          for (const [at, value] of changes) bytes[at] = value;
          const message = parseSipMessage(bytes);
          if (!message || message.problem !== null) return;
          const again = parseSipMessage(Buffer.from(message.serialise()));
          expect(again?.problem).toBeNull();
          expect([...again!.entries()].filter(([key]) => key !== 'content-length')).toEqual(
            [...message.entries()].filter(([key]) => key !== 'content-length'),
          );
        },
      ),
    );
  });

  it('replaces a header with set, and only its first line with setFirst', () => {
    const message = SipMessage.request('INVITE', 'sip:a@b')
      .add('Via', '1')
      .add('Via', '2')
      .add('To', '<sip:a@b>');
    message.setFirst('via', 'one');
    expect(message.list('via')).toEqual(['one', '2']);
    message.set('Via', 'only');
    expect(message.list('via')).toEqual(['only']);
    message.set('To', '<sip:a@b>;tag=t');
    expect(message.toTag).toBe('t');
  });

  it('takes CSeq numbers up to 2^31 - 1', () => {
    expect(parseCSeq('2147483647 INVITE')).toEqual({ number: 2_147_483_647, method: 'INVITE' });
    expect(parseCSeq('2147483648 INVITE')).toBeNull();
    expect(parseCSeq('36893488147419103232 REGISTER')).toBeNull();
  });
});

describe('a message an application wrote', () => {
  it('has everything after the first blank line as body, whatever Content-Length says', () => {
    const message = parseApplicationMessage(
      'INFO sip:a@b SIP/2.0\r\ncontent-length: 1\r\n\r\nžluť\r\n\r\nmore',
    )!;
    expect(message.body).toBe('žluť\r\n\r\nmore');
    expect(message.problem).toBeNull();
  });

  it('loses lines with a malformed name, without a word', () => {
    const message = parseApplicationMessage('SIP/2.0 200 OK\r\nBad Name: 1\r\nX-Good: 2\r\n\r\n')!;
    expect([...message.entries()]).toEqual([['x-good', 'X-Good', '2']]);
  });
});

// Messages of RFC 4475, the "torture test"; the numbers are its sections.
describe('RFC 4475', () => {
  it('3.1.1.1: a short tortuous INVITE is understood', () => {
    const message = parseSipMessage(
      Buffer.from(
        [
          'INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0',
          'TO :',
          ' sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n',
          'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>',
          '  ;',
          '  tag = 98asjd8',
          'MaX-fOrWaRdS: 0068',
          'Call-ID: wsinv.ndaksdj@192.0.2.1',
          'Content-Length   : 3',
          'cseq: 0009',
          '  INVITE',
          'Via  : SIP  /   2.0',
          ' /UDP',
          '    192.0.2.2;branch=390skdjuw',
          's :',
          'NewFangledHeader:   newfangled value',
          ' continued newfangled value',
          'UnknownHeaderWithUnusualValue: ;;,,;;,;',
          'Content-Type: application/sdp',
          'Route:',
          ' <sip:services.example.com;lr;unknownwith=value;unknown-no-value>',
          'v:  SIP  / 2.0  / TCP     spindle.example.com   ;',
          '  branch  =   z9hG4bK9ikj8  ,',
          ' SIP  /    2.0   / UDP  192.168.255.111   ; branch=',
          ' z9hG4bK30239',
          'm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =',
          '      newvalue ;',
          '  secondparam ; q = 0.33',
          '',
          'v=0',
        ].join('\r\n'),
      ),
    )!;
    expect(message.problem).toBeNull();
    expect(message.toTag).toBe('1918181833n');
    expect(message.fromTag).toBe('98asjd8');
    expect(message.cseq).toEqual({ number: 9, method: 'INVITE' });
    expect(message.topVia).toMatchObject({ transport: 'UDP', host: '192.0.2.2', branch: '390skdjuw' });
    expect(message.list('via')).toHaveLength(3);
    expect(message.list('contact')).toHaveLength(1);
  });

  it('3.1.1.2: unusual characters in a method are a token', () => {
    const method = "!interesting-Method0123456789_*+`.%indeed'~";
    const message = parseSipMessage(
      text([`${method} sip:1_unusual.URI~(to-be!sure)@example.com SIP/2.0`, `CSeq: 1 ${method}`]),
    )!;
    expect(message.problem).toBeNull();
    expect(message.cseq?.method).toBe(method);
  });

  it('3.1.2.3: a negative Content-Length is a problem', () => {
    expect(parseSipMessage(text([...invite, 'Content-Length: -999']))?.problem).toBe('bad Content-Length');
  });

  it('3.1.2.6: an unterminated quoted string in To gives no tag', () => {
    const message = parseSipMessage(
      text(['INVITE sip:u@e.com SIP/2.0', 'To: "Mr. J. User <sip:j.user@example.com>;tag=1']),
    )!;
    expect(message.toTag).toBe('');
  });
});
