/** The tester's answer: place by place, with the reasons, as nested lists. A place met again refers to above. */
import type { VNode } from 'preact';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { Card } from '../../components/page.tsx';
import { Moment } from '../../components/time.tsx';
import { traceText } from '../../i18n/reasons.ts';
import { t, translateCode } from '../../i18n/translate.ts';
import { promptName } from '../../state/prompts.ts';

type Result = EndpointResponse<'testDialPlan'>;
type Way = Result['start'];
type Node = Result['nodes'][number];

function placeText({ place }: Node): string {
  switch (place.kind) {
    case 'ivr':
      return t('destination.toIvr', { name: place.name });
    case 'queue':
      return t('destination.toQueue', { name: place.name });
    case 'extension':
      return t('destination.toExtension', { name: place.name });
    case 'outside':
      return t('callTest.outside', { number: place.number, trunk: place.name });
    case 'announcement':
      return t('destination.toAnnouncement', { name: promptName(place.id) });
    default:
      return translateCode(`callTest.end.${place.kind}`);
  }
}

function wayText({ way }: Way): string {
  switch (way.kind) {
    case 'begin':
      return t('callTest.begin');
    case 'digit':
      return t('callTest.digit', { digit: way.digit });
    case 'no-choice':
      return t('callTest.noChoice');
    case 'waited':
      return t('callTest.waited', { count: way.afterS });
    case 'failed':
      return t('callTest.failed');
  }
}

/** Which ways are the first, from the start on, to reach their place: the others refer to it. */
function firstWays(result: Result): Set<Way> {
  const first = new Set<Way>();
  const seen = new Set<number>();
  const walk = (way: Way): void => {
    if (seen.has(way.to)) return;
    seen.add(way.to);
    first.add(way);
    for (const next of result.nodes[way.to]?.ways ?? []) walk(next);
  };
  walk(result.start);
  return first;
}

function Step(props: { way: Way; result: Result; first: Set<Way> }): VNode | null {
  const { way, result, first } = props;
  const node = result.nodes[way.to];
  if (!node) return null;
  const isFirst = first.has(way);
  const goesOn = isFirst && node.ways.length > 0;
  return (
    <li>
      <div>
        <span class="quiet">{wayText(way)}</span> <strong>{placeText(node)}</strong>
        {!isFirst && <span class="quiet"> {t('callTest.seeAbove')}</span>}
      </div>
      {way.notes.map((note, index) => (
        <div class="quiet" key={`${index}`}>
          {traceText(note.code, note.params)}
        </div>
      ))}
      {isFirst &&
        node.warnings.map((warning) => (
          <div class="test-warning" key={warning}>
            {translateCode(`callTest.warn.${warning}`)}
          </div>
        ))}
      {goesOn && (
        <ul class="test-tree">
          {node.ways.map((next, index) => (
            <Step key={`${index}`} way={next} result={result} first={first} />
          ))}
        </ul>
      )}
    </li>
  );
}

export function Outcome({ result }: { result: Result }): VNode {
  return (
    <Card title={t('callTest.answer')} aside={<Moment at={result.at} />}>
      <ul class="test-tree test-root">
        <Step way={result.start} result={result} first={firstWays(result)} />
      </ul>
    </Card>
  );
}
