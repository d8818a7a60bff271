/** What the embedded SIP engine is told: its addresses whenever they change, and when it is new, whom it may trust. */
import type { ControlClient } from '../base/control-socket.ts';
import type { Logger } from '../base/log.ts';
import type { EngineNotices, EngineOperations } from '../codec/engine-control.ts';
import type { Addressing } from './addressing.ts';
import type { Registrar } from './registrar.ts';

export interface EngineGreetingDeps {
  /** Absent with a real drachtio-server. */
  engine: Pick<ControlClient<EngineOperations, EngineNotices>, 'call' | 'events' | 'isUp'> | undefined;
  addressing: Addressing;
  registrar: Registrar;
  log: Logger;
}

export class EngineGreeting {
  readonly #deps: EngineGreetingDeps;

  constructor(deps: EngineGreetingDeps) {
    this.#deps = deps;
  }

  /** @returns what ends it */
  start(): () => void {
    const { engine, addressing } = this.#deps;
    if (!engine) return () => {};
    const ends = [
      addressing.events.on('changed', () => this.#tellAddresses()),
      engine.events.on('up', () => this.#greet()),
    ];
    if (engine.isUp) this.#greet();
    return () => {
      for (const end of ends) end();
    };
  }

  /** Who registered has proven itself to the engine before this one: an office is no stranger after a crash. */
  #greet(): void {
    this.#tellAddresses();
    const { engine, registrar, log } = this.#deps;
    const sources = [...new Set(registrar.all().map(({ source }) => source.address))];
    engine?.call('guard.know', { sources }).catch((error) => {
      log.warn('the SIP engine did not take the known sources', { error });
    });
  }

  #tellAddresses(): void {
    const { engine, addressing, log } = this.#deps;
    if (!engine?.isUp) return;
    engine.call('configure', addressing.current()).catch((error) => {
      log.warn('the SIP engine did not take the addresses', { error });
    });
  }
}
