/**
 * A state changes -> its frame has come over the serial line: an agent's status is set by the API, and the panel on a
 * PTY sees its lamp change. The way through the API is in it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../test/support/eventually.ts';
import { Instance } from '../../test/support/instance.ts';
import { office, secrets } from '../../test/support/office.ts';
import { VirtualPanel } from '../../test/support/virtual-panel.ts';
import { WirePhone } from '../../test/support/wire-phone.ts';
import { type Figure, percentile } from './figure.ts';

const warmUp = 10;
/** A lamp keeps what it shows for 250 ms; the next change is asked for after that. */
const restMs = 300;
const lamp = 3;

export async function measureLamp(times: number): Promise<Figure[]> {
  const dir = mkdtempSync(join(tmpdir(), 'cordboard-lamp-'));
  const panel = new VirtualPanel({ link: join(dir, 'panel') });
  await panel.plug();
  const settings = office(5060, (made) => {
    made.panel = { lamps: [{ lamp, shows: { fact: 'agent', agentId: 'anna' } }] };
  });
  const env = { CORDBOARD_LOG: 'warn', CORDBOARD_PANEL: join(dir, 'panel') };
  const box = await Instance.start({ settings, env });
  // Without a phone an agent's lamp is dark, whatever the status.
  const phone = await WirePhone.open({ number: '101', secret: secrets['101'], server: box.sip });
  const samplesMs: number[] = [];
  let changedAt = 0;
  let before = '';
  panel.onChange = () => {
    const now = JSON.stringify(panel.lamps[lamp]);
    if (now !== before) changedAt = performance.now();
    before = now;
  };
  try {
    await box.login();
    await phone.register();
    await eventually(
      'the panel is there',
      async () => (await box.api('GET', '/panel')).json.state === 'connected',
    );
    for (let i = 0; i < warmUp + times; i++) {
      await new Promise((resolve) => setTimeout(resolve, restMs));
      changedAt = 0;
      const askedAt = performance.now();
      const status = i % 2 === 0 ? { status: 'on-break', reason: 'break' } : { status: 'available' };
      await box.api('PUT', '/agents/anna/status', status);
      await eventually('the lamp changes', () => changedAt > 0);
      if (i >= warmUp) samplesMs.push(changedAt - askedAt);
    }
    return [
      {
        what: 'lamp: state change → frame on the serial line, p99',
        measured: percentile(samplesMs, 0.99),
        unit: 'ms',
        budget: 50,
        ambition: 10,
        bound: 'most',
        note: `p50 ${percentile(samplesMs, 0.5).toFixed(1)} ms, ${times} changes, the API's part included`,
      },
    ];
  } finally {
    phone.close();
    await box.stop();
    await panel.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
