/** What the buttons of the panel do. Each act is audited, and says in the calls it concerns that it was the panel. */
import type { AuditPort, CallsPort, HoursPort } from '../api/ports.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { AuditAction } from '../domain/audit.ts';
import type { LiveAgent } from '../domain/live.ts';
import type { ButtonAct } from '../domain/settings/lamps.ts';

export interface PanelActsDeps {
  hours: HoursPort;
  agents: () => LiveAgent[];
  setAgentStatus: CallsPort['setAgentStatus'];
  audit: Pick<AuditPort, 'record'>;
  clock: Clock;
  log: Logger;
}

export class PanelActs {
  readonly #deps: PanelActsDeps;

  constructor(deps: PanelActsDeps) {
    this.#deps = deps;
  }

  /**
   * @param from the button, 0-based, and the panel's device
   * @param acknowledge takes note of the alarms that the lamps show; how many there were
   */
  async do(
    act: ButtonAct,
    from: { button: number; device: string },
    acknowledge: () => number,
  ): Promise<void> {
    const { log } = this.#deps;
    const who = `panel, button ${from.button + 1}`;
    try {
      const { action, target } = await this.#do(act, who, acknowledge);
      this.#deps.audit.record({
        at: this.#deps.clock.now(),
        who,
        source: from.device,
        action,
        ...(target === undefined ? {} : { target }),
      });
    } catch (error) {
      log.warn('a button of the panel could not do what it is for', { act, error });
    }
  }

  async #do(
    act: ButtonAct,
    who: string,
    acknowledge: () => number,
  ): Promise<{ action: AuditAction; target?: string }> {
    switch (act.act) {
      case 'night': {
        const { hours } = this.#deps;
        const { night, schedules } = hours.live();
        const mode = night ? 'auto' : 'closed';
        await hours.press(mode, schedules.length > 0 ? 'next-opening' : 'stays', who);
        return { action: 'night-mode.press', target: mode };
      }
      case 'acknowledge':
        return { action: 'panel.acknowledge', target: String(acknowledge()) };
      case 'agent': {
        const agent = this.#deps.agents().find((one) => one.agentId === act.agentId);
        const leaves = (agent?.nextStatus ?? agent?.status) !== 'logged-out';
        await this.#deps.setAgentStatus(act.agentId, leaves ? 'logged-out' : 'available', undefined);
        return { action: leaves ? 'agent.logged-out' : 'agent.available', target: act.agentId };
      }
    }
  }
}
