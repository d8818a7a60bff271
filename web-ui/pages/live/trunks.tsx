/** The lines to the outside. */
import type { VNode } from 'preact';
import type { LiveTrunk } from '../../../src/domain/live.ts';
import { Lamp, trunkLamp } from '../../components/lamp.tsx';
import { Card, Empty } from '../../components/page.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import { trunkReason } from '../trunk-state.tsx';

export function LiveTrunks({ trunks }: { trunks: LiveTrunk[] }): VNode {
  return (
    <Card title={t('place.trunks')}>
      {trunks.length === 0 ? (
        <Empty title={t('trunk.none')} text={t('trunk.noneText')}>
          <a class="button" href="/trunks/new">
            {t('trunk.add')}
          </a>
        </Empty>
      ) : (
        <ul class="lines">
          {trunks.map((trunk) => (
            <li key={trunk.trunkId} class="line-block">
              <div class="spread">
                <a href={`/trunks/${trunk.trunkId}`}>{trunk.name}</a>
                <Lamp state={trunkLamp(trunk)} text={translateCode(`trunkState.${trunk.state}`)} />
              </div>
              {trunkReason(trunk) && <div class="quiet">{trunkReason(trunk)}</div>}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
