/** Runs in Chromium: a browser leg driven by a test, and an ear for what it hears. */
import { BrowserLeg, type BrowserLegRequests } from '../../web-ui/softphone/browser-leg.ts';

async function rpc<T>(op: string, args: object): Promise<T> {
  const response = await fetch(`/rpc/${op}`, { method: 'POST', body: JSON.stringify(args) });
  if (!response.ok) throw new Error(`${op}: ${await response.text()}`);
  return (await response.json()) as T;
}

const requests: BrowserLegRequests = {
  open: () => rpc('open', {}),
  connect: (legId, direction, dtlsParameters) => rpc('connect', { legId, direction, dtlsParameters }),
  produce: (legId, rtpParameters) => rpc('produce', { legId, rtpParameters }),
  consume: (legId, rtpCapabilities) => rpc('consume', { legId, rtpCapabilities }),
};

const audio = document.createElement('audio');
const ended: string[] = [];
let leg: BrowserLeg | undefined;

const probe = {
  /** Resolves with the leg's id, or with the code of the error. */
  async start(): Promise<{ legId: string } | { code: string; message: string }> {
    leg = new BrowserLeg({
      audio,
      voiceProcessing: false,
      onEnded: (error) => ended.push(error?.code ?? 'closed'),
    });
    try {
      return { legId: await leg.start(requests) };
    } catch (error) {
      const { code, message, cause } = error as Error & { code: string };
      return { code, message: `${message}: ${String(cause)}` };
    }
  },
  mute: (muted: boolean) => leg?.mute(muted),
  close: () => leg?.close(),
  levels: () => leg?.levels(),
  state: () => leg?.state,
  ended: () => ended,
  /** The strongest frequency heard in about 170 ms, and its level in dB below full scale. */
  async ear(): Promise<{ frequencyHz: number; levelDb: number }> {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 8192;
    analyser.smoothingTimeConstant = 0;
    context.createMediaStreamSource(audio.srcObject as MediaStream).connect(analyser);
    await new Promise((resolve) => setTimeout(resolve, 400));
    const spectrum = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(spectrum);
    let best = 0;
    for (let i = 1; i < spectrum.length; i++)
      if ((spectrum[i] ?? -Infinity) > (spectrum[best] ?? -Infinity)) best = i;
    await context.close();
    return {
      frequencyHz: (best * context.sampleRate) / analyser.fftSize,
      levelDb: spectrum[best] ?? -Infinity,
    };
  },
};
export type WebLegProbe = typeof probe;
Object.assign(window, { probe });
