/** SRTP and SRTCP from whoever sends them: opened with keys that fit, so that what is behind the tag is reached too. */
import { rtpHeaderBytes, writeRtpHeader } from '../../src/codec/rtp.ts';
import { srtpKeySizes, srtpSuites } from '../../src/codec/sdes.ts';
import { createPacketCipher } from '../../src/media-engine/srtp/create-cipher.ts';
import { SrtpReceiver } from '../../src/media-engine/srtp/srtp-receiver.ts';
import { SrtpSender } from '../../src/media-engine/srtp/srtp-sender.ts';
import { type FuzzTarget, must, words } from './target.ts';

const ciphers = srtpSuites.map((suite) => {
  const { key, salt } = srtpKeySizes[suite];
  return createPacketCipher(suite, Buffer.alloc(key + salt, 5).toString('base64'));
});

function sealedPackets(): Buffer[] {
  const media = Buffer.alloc(rtpHeaderBytes + 160);
  writeRtpHeader(media, 0, false, 0, 7, 160, 0x12345678);
  const control = Buffer.from('80c900011234567881ca000212345678010474657374', 'hex');
  return ciphers.flatMap((cipher) => {
    const sender = new SrtpSender(cipher);
    const packets = [sender.sealRtp(media, 0, media.length, rtpHeaderBytes), sender.sealRtcp(control)];
    return packets.map((packet) => Buffer.from(packet ?? []));
  });
}

export const srtpTarget: FuzzTarget = {
  name: 'srtp',
  isText: false,
  seeds: sealedPackets(),
  words: words('\x90', '\x8f', '\x80\xc9', '\x00\x00\x00\x01', '\xff\xff'),
  run(input) {
    return ciphers
      .map((cipher) => {
        const receiver = new SrtpReceiver(cipher);
        const outcomes = [receiver.openRtp(Buffer.from(input)), receiver.openRtcp(Buffer.from(input))];
        for (const opened of outcomes)
          if (typeof opened !== 'string') must(opened.length < input.length, 'the tag is not left behind');
        must(receiver.highestIndexes().size <= 1, 'nothing is remembered but what was authentic');
        return outcomes.map((opened) => (typeof opened === 'string' ? opened : 'opened')).join('/');
      })
      .join(' ');
  },
};
