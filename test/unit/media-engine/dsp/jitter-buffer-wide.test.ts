import { expect, test } from 'vitest';
import { G722Encoder } from '../../../../src/codec/g722.ts';
import { createRtpView, parseRtp, rtpHeaderBytes, writeRtpHeader } from '../../../../src/codec/rtp.ts';
import { JitterBuffer } from '../../../../src/media-engine/dsp/jitter-buffer.ts';
import { level, toneShare } from '../../../support/sound.ts';

test('G.722 is played at 16 kHz, through a loss and a slow clock, without a click', () => {
  const packets = 2000;
  const encoder = new G722Encoder();
  const buffer = new JitterBuffer('G722');
  const view = createRtpView();
  const frame = new Int16Array(320);
  const heard = new Int16Array((packets - 10) * 320);
  let sentCount = 0;
  for (let beat = 0; beat < packets - 10; beat++) {
    while ((sentCount * 20) / (1 - 200e-6) + 12 <= beat * 20) {
      for (let i = 0; i < 320; i++)
        frame[i] = Math.round(8000 * Math.sin((2 * Math.PI * 1000 * (sentCount * 320 + i)) / 16_000));
      const packet = Buffer.alloc(rtpHeaderBytes + 160);
      encoder.encode(frame, 0, 320, packet, rtpHeaderBytes);
      // RFC 3551 section 4.5.2: 160 timestamp units for 320 samples.
      writeRtpHeader(packet, 0, sentCount === 0, 9, sentCount, sentCount * 160, 7);
      parseRtp(packet, view);
      if (sentCount !== 1000) buffer.insert(packet, view, 'G722', beat * 20 - 1);
      sentCount++;
    }
    buffer.read(beat * 20, heard, beat * 320);
  }
  expect(buffer.stats).toMatchObject({ late: 0, anchors: 1 });
  expect(buffer.stats.concealedMs).toBeLessThan(30);
  const settled = heard.subarray(3200);
  let steepest = 0;
  for (let i = 1; i < settled.length; i++)
    steepest = Math.max(steepest, Math.abs((settled[i] as number) - (settled[i - 1] as number)));
  // The tone's own steepest step is 8000 * 2 sin(pi / 16) = 3121.
  expect(steepest).toBeLessThan(3121 * 1.3);
  expect(toneShare(settled.subarray(500 * 320, 510 * 320), 1000, 16_000)).toBeGreaterThan(0.99);
  expect(level(settled)).toBeGreaterThan(0.15);
});
