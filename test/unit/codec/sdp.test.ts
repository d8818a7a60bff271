import { describe, expect, it } from 'vitest';
import { parseSdp } from '../../../src/codec/sdp.ts';
import { answerOffer, checkOffer, readAnswer, writeOffer } from '../../../src/codec/sdp-negotiation.ts';
import { holdOffers, phoneOffers } from '../../support/phone-offers.ts';

const local = { address: '192.168.1.2', port: 16400, sessionId: 7, version: 1 };

function sdp(...media: string[]): string {
  return `${['v=0', 'o=- 1 1 IN IP4 192.0.2.9', 's=-', 'c=IN IP4 192.0.2.9', 't=0 0', ...media].join('\r\n')}\r\n`;
}

const audio = ['m=audio 4000 RTP/AVP 8 0 101', 'a=rtpmap:101 telephone-event/8000'];

const mediaLines = (text: string): string[] => text.split('\r\n').filter((line) => line.startsWith('m='));

describe('the offer of a real peer', () => {
  it.each(Object.entries(phoneOffers))('is understood: %s', (_name, { lines, agreed, answered }) => {
    const result = answerOffer(`${lines.join('\r\n')}\r\n`, local);
    expect(result.agreed).toMatchObject(agreed);
    expect(mediaLines(result.answer)).toEqual(answered);
    expect(result.answer).toContain(`a=ptime:${result.agreed.ptimeMs}\r\n`);
    expect(result.answer).not.toMatch(/rtcp-mux|candidate|crypto|rtcp-fb/);
    // What we say is a description in its own right, and whoever offered can read it.
    expect(parseSdp(result.answer).media).toHaveLength(mediaLines(lines.join('\r\n')).length);
    expect(readAnswer(result.answer)).toMatchObject({ codec: result.agreed.codec, port: 16400 });
  });

  it.each(Object.entries(holdOffers))('holds: %s', (_name, { session, medium, direction }) => {
    const offer = [
      ...['v=0', 'o=- 1 2 IN IP4 192.0.2.9', 's=-'],
      ...(session.some((line) => line.startsWith('c=')) ? [] : ['c=IN IP4 192.0.2.9']),
      ...[...session, 't=0 0', 'm=audio 4000 RTP/AVP 8', ...medium, ''],
    ].join('\r\n');
    const { answer, agreed } = answerOffer(offer, local);
    expect(agreed.direction).toBe(direction);
    expect(answer).toContain(`a=${direction}\r\n`);
  });
});

describe('an offer answered', () => {
  it("takes the offerer's first codec of ours and its payload types", () => {
    const offer = sdp(
      'm=audio 4000 RTP/AVP 18 97 8 0 9 96',
      'a=rtpmap:97 PCMU/8000',
      'a=rtpmap:96 telephone-event/8000',
    );
    const { answer, agreed } = answerOffer(offer, local);
    expect(agreed).toEqual({
      address: '192.0.2.9',
      port: 4000,
      codec: 'PCMU',
      payloadType: 97,
      telephoneEventPayloadType: 96,
      ptimeMs: 20,
      direction: 'sendrecv',
    });
    expect(answer).toContain('m=audio 16400 RTP/AVP 97 96\r\n');
    expect(answer).toContain('a=rtpmap:97 PCMU/8000\r\n');
    expect(answer).toContain('a=rtpmap:96 telephone-event/8000\r\n');
  });

  it('takes G.722, whose clock runs at 8 kHz by decree (RFC 3551 section 4.5.2)', () => {
    const { answer, agreed } = answerOffer(sdp('m=audio 4000 RTP/AVP 9 8'), local);
    expect(agreed).toMatchObject({ codec: 'G722', payloadType: 9 });
    expect(answer).toContain('a=rtpmap:9 G722/8000\r\n');
  });

  it('knows static payload types without an rtpmap', () => {
    expect(answerOffer(sdp('m=audio 4000 RTP/AVP 0 8'), local).agreed.codec).toBe('PCMU');
    expect(answerOffer(sdp('m=audio 4000 RTP/AVP 8 0'), local).agreed.codec).toBe('PCMA');
  });

  it('declines fax and video at their places and keeps the audio', () => {
    const offer = sdp(
      'm=image 4100 udptl t38',
      'm=video 4200 RTP/AVP 96',
      'a=rtpmap:96 H264/90000',
      ...audio,
    );
    const lines = answerOffer(offer, local)
      .answer.split('\r\n')
      .filter((line) => line.startsWith('m='));
    expect(lines).toEqual(['m=image 0 udptl t38', 'm=video 0 RTP/AVP 96', 'm=audio 16400 RTP/AVP 8 101']);
  });

  it('accepts one audio stream only', () => {
    const offer = sdp(...audio, 'm=audio 4002 RTP/AVP 0');
    const lines = answerOffer(offer, local)
      .answer.split('\r\n')
      .filter((line) => line.startsWith('m='));
    expect(lines).toEqual(['m=audio 16400 RTP/AVP 8 101', 'm=audio 0 RTP/AVP 0']);
  });

  it.each([
    ['sendonly', 'a=sendonly', 'recvonly'],
    ['inactive', 'a=inactive', 'inactive'],
    ['recvonly', 'a=recvonly', 'sendonly'],
    ['c=0.0.0.0 as old phones hold', 'c=IN IP4 0.0.0.0', 'recvonly'],
    ['no direction at all', 'a=fmtp:101 0-15', 'sendrecv'],
  ] as const)('mirrors %s', (_name, line, direction) => {
    const { answer, agreed } = answerOffer(sdp(...audio, line), local);
    expect(agreed.direction).toBe(direction);
    expect(answer).toContain(`a=${direction}\r\n`);
  });

  it('reads a direction that stands at session level', () => {
    const offer = sdp(...audio).replace('t=0 0', 't=0 0\r\na=sendonly');
    expect(answerOffer(offer, local).agreed.direction).toBe('recvonly');
  });

  it('takes the address of the medium before that of the session', () => {
    expect(answerOffer(sdp(...audio, 'c=IN IP4 192.0.2.77'), local).agreed.address).toBe('192.0.2.77');
  });

  it.each([
    ['a=ptime:30', 30],
    ['a=ptime:10', 10],
    ['a=ptime:60', 60],
    ['a=ptime:25', 25],
    ['a=ptime:5', 20],
    ['a=ptime:200', 20],
    ['a=ptime:40\r\na=maxptime:20', 20],
  ])('answers %s with packets of %i ms', (line, ptimeMs) => {
    expect(answerOffer(sdp(...audio, line), local).agreed.ptimeMs).toBe(ptimeMs);
  });

  it('takes the codec that is preferred, if it is offered at all', () => {
    expect(answerOffer(sdp(...audio), local, { prefer: 'PCMU' }).agreed.codec).toBe('PCMU');
    expect(answerOffer(sdp('m=audio 4000 RTP/AVP 8'), local, { prefer: 'PCMU' }).agreed.codec).toBe('PCMA');
  });

  it('takes no telephone events where none are wanted', () => {
    const { answer, agreed } = answerOffer(sdp(...audio), local, { events: false });
    expect(agreed.telephoneEventPayloadType).toBeUndefined();
    expect(mediaLines(answer)).toEqual(['m=audio 16400 RTP/AVP 8']);
  });

  it('sends RTCP to where a=rtcp says', () => {
    expect(answerOffer(sdp(...audio, 'a=rtcp:4999'), local).agreed.rtcpPort).toBe(4999);
  });

  it('speaks IPv6', () => {
    const offer = sdp(...audio).replaceAll('IN IP4 192.0.2.9', 'IN IP6 2001:db8::9');
    const { answer, agreed } = answerOffer(offer, { ...local, address: '2001:db8::1' });
    expect(agreed.address).toBe('2001:db8::9');
    expect(answer).toContain('c=IN IP6 2001:db8::1\r\n');
  });

  it('accepts bare line feeds', () => {
    expect(answerOffer(sdp(...audio).replaceAll('\r\n', '\n'), local).agreed.codec).toBe('PCMA');
  });

  it.each([
    ['only codecs that we do not speak', sdp('m=audio 4000 RTP/AVP 18 3')],
    ['fax only', sdp('m=image 4100 udptl t38')],
    ['audio declined', sdp('m=audio 0 RTP/AVP 0')],
    ['no media', sdp()],
    ['G.711 at another rate', sdp('m=audio 4000 RTP/AVP 97', 'a=rtpmap:97 PCMU/16000')],
  ])('is refused for want of a common codec: %s', (_name, offer) => {
    expect(() => checkOffer(offer)).toThrowError(expect.objectContaining({ code: 'sdp.no-common-codec' }));
  });

  it('says in the refusal what was offered and what to do', () => {
    expect(() => checkOffer(sdp('m=audio 4000 RTP/AVP 18'))).toThrow(/G729.*enable G\.711/);
  });
});

describe('a description that is none', () => {
  it.each([
    ['nothing', ''],
    ['other text', 'hello'],
    ['no origin', 'v=0\r\nc=IN IP4 192.0.2.9\r\nm=audio 4000 RTP/AVP 0\r\n'],
    ['a line without =', sdp(...audio, 'nonsense')],
    ['a port that is no number', sdp('m=audio x RTP/AVP 0')],
    ['a port beyond all ports', sdp('m=audio 70000 RTP/AVP 0')],
    ['no formats', sdp('m=audio 4000 RTP/AVP')],
    ['a payload type beyond 127', sdp('m=audio 4000 RTP/AVP 200')],
    ['an address that is none', sdp(...audio, 'c=IN IP4 300.1.1.1')],
    ['no address anywhere', 'v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\nm=audio 4000 RTP/AVP 0\r\n'],
  ])('is invalid: %s', (_name, text) => {
    expect(() => checkOffer(text)).toThrowError(expect.objectContaining({ code: 'sdp.invalid' }));
  });

  it('never fails otherwise, whatever is cut off or garbled', () => {
    const whole = sdp(...audio, 'a=ptime:20', 'a=sendrecv');
    for (let i = 0; i < whole.length; i++) {
      for (const text of [whole.slice(0, i), `${whole.slice(0, i)}\u0000${whole.slice(i + 1)}`]) {
        try {
          checkOffer(text);
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^sdp\./) });
        }
      }
    }
  });
});

describe('an offer of ours', () => {
  it('has all codecs and telephone-event, and reads back', () => {
    const { media } = parseSdp(writeOffer(local));
    expect(media).toHaveLength(1);
    expect(media[0]?.rtp.map(({ name, payloadType }) => [name, payloadType])).toEqual([
      ['PCMU', 0],
      ['PCMA', 8],
      ['G722', 9],
      ['TELEPHONE-EVENT', 101],
    ]);
    expect(media[0]).toMatchObject({
      port: 16400,
      address: '192.168.1.2',
      direction: 'sendrecv',
      ptimeMs: 20,
    });
  });

  it('names the events as they are called already, or leaves them out', () => {
    const again = parseSdp(writeOffer(local, { telephoneEventPayloadType: 96 })).media[0];
    expect(again?.formats).toEqual(['0', '8', '9', '96']);
    expect(
      parseSdp(writeOffer(local, { events: false, codecs: ['PCMA', 'PCMU'] })).media[0]?.formats,
    ).toEqual(['8', '0']);
  });

  it('is answered with events of another number: ours may come all the same', () => {
    const answer = sdp('m=audio 5000 RTP/AVP 8 96', 'a=rtpmap:96 telephone-event/8000');
    expect(readAnswer(answer)).toMatchObject({
      telephoneEventPayloadType: 96,
      offeredTelephoneEventPayloadType: 101,
    });
    expect(readAnswer(answer, { telephoneEventPayloadType: 96 })).not.toHaveProperty(
      'offeredTelephoneEventPayloadType',
    );
  });

  it('is settled by the codec and payload types of the answer', () => {
    const answer = sdp('m=audio 5000 RTP/AVP 8 101', 'a=rtpmap:101 telephone-event/8000', 'a=sendonly');
    expect(readAnswer(answer)).toMatchObject({
      codec: 'PCMA',
      payloadType: 8,
      port: 5000,
      telephoneEventPayloadType: 101,
      direction: 'recvonly',
    });
  });
});
