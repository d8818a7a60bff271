import { describe, expect, test } from 'vitest';
import { decodeG711, encodeTable } from '../../../src/codec/g711.ts';
import { G722Decoder, G722Encoder } from '../../../src/codec/g722.ts';
import type { CodecName, MixRouting } from '../../../src/codec/media-control.ts';
import { createRtpView, parseRtp, rtpHeaderBytes, writeRtpHeader } from '../../../src/codec/rtp.ts';
import { Mixer } from '../../../src/media-engine/dsp/mixer.ts';
import { MixPort } from '../../../src/media-engine/edge/mix-port.ts';
import { level, toneShare } from '../../support/sound.ts';

const full: MixRouting = { mode: 'full' };
const beats = 250;

/** A phone of one codec at a port, saying a tone, and what it heard in the latest 200 ms. */
class Phone {
  readonly port: MixPort;
  readonly #codec: CodecName;
  readonly #frequencyHz: number;
  readonly #encoder = new G722Encoder();
  readonly #view = createRtpView();
  readonly #heard = new Uint8Array(beats * 160);

  constructor(port: MixPort, codec: CodecName, frequencyHz: number) {
    this.port = port;
    this.#codec = codec;
    this.#frequencyHz = frequencyHz;
  }

  say(beat: number): void {
    const rateHz = this.#codec === 'G722' ? 16_000 : 8000;
    const samples = Int16Array.from({ length: rateHz / 50 }, (_, i) =>
      Math.round(4000 * Math.sin((2 * Math.PI * this.#frequencyHz * ((beat * rateHz) / 50 + i)) / rateHz)),
    );
    const packet = Buffer.alloc(rtpHeaderBytes + 160);
    if (this.#codec === 'G722') this.#encoder.encode(samples, 0, 320, packet, rtpHeaderBytes);
    else {
      const table = encodeTable[this.#codec];
      for (const [i, sample] of samples.entries())
        packet[rtpHeaderBytes + i] = table[sample & 0xffff] as number;
    }
    writeRtpHeader(packet, 0, beat === 0, 0, beat, beat * 160, this.#frequencyHz);
    parseRtp(packet, this.#view);
    this.port.hear(packet, this.#view, this.#codec, 1, beat * 20 + 3);
  }

  pause(beat: number, minusDbov: number): void {
    const packet = Buffer.alloc(rtpHeaderBytes + 1, minusDbov);
    writeRtpHeader(packet, 0, false, 13, beat, beat * 160, this.#frequencyHz);
    parseRtp(packet, this.#view);
    this.port.hearNoise(packet, this.#view, beat * 20 + 3);
  }

  listen(beat: number): void {
    this.port.read(this.#codec, this.#heard, beat * 160);
  }

  heard(): { samples: Int16Array; rateHz: number } {
    if (this.#codec !== 'G722') {
      const latest = this.#heard.subarray(-1600);
      return { samples: decodeG711(this.#codec, latest), rateHz: 8000 };
    }
    const samples = new Int16Array(beats * 320);
    new G722Decoder().decode(this.#heard, 0, this.#heard.length, samples, 0);
    return { samples: samples.subarray(-3200), rateHz: 16_000 };
  }
}

/** Lets them talk for five seconds. */
function confer(
  phones: readonly Phone[],
  mixer: Mixer,
  say: (phone: Phone, n: number, beat: number) => void,
): void {
  for (let beat = 0; beat < beats; beat++) {
    for (const [n, phone] of phones.entries()) say(phone, n, beat);
    for (const phone of phones) phone.port.listen(beat + 1);
    mixer.mix();
    for (const phone of phones) phone.listen(beat);
  }
}

describe('phones of different codecs in a mix', () => {
  test('µ-law, A-law and G.722 hear each other through their jitter buffers', () => {
    const mixer = new Mixer();
    const codecs: CodecName[] = ['PCMU', 'PCMA', 'G722'];
    const frequencies = [400, 1000, 1700];
    const phones = codecs.map(
      (codec, n) => new Phone(new MixPort(mixer.set(codec, full)), codec, frequencies[n] as number),
    );
    confer(phones, mixer, (phone, _, beat) => phone.say(beat));
    for (const [n, phone] of phones.entries()) {
      const { samples, rateHz } = phone.heard();
      for (const [other, frequencyHz] of frequencies.entries()) {
        const voice = toneShare(samples, frequencyHz, rateHz);
        if (other === n) expect(voice).toBeLessThan(0.002);
        else expect(voice).toBeGreaterThan(0.4);
      }
    }
  });

  test('a phone that sends comfort noise is heard as noise of that level', () => {
    const mixer = new Mixer();
    const phones = ['a', 'b'].map((id) => new Phone(new MixPort(mixer.set(id, full)), 'PCMU', 400));
    confer(phones, mixer, (phone, n, beat) => {
      if (n === 1) phone.say(beat);
      else if (beat < 100) phone.say(beat);
      else if (beat === 100) phone.pause(beat, 45);
    });
    const { samples } = (phones[1] as Phone).heard();
    expect(Math.abs(20 * Math.log10(level(samples)) + 45)).toBeLessThan(4);
  });
});
