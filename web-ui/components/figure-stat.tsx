/** A figure of the call log as a tile, with its formula on hover and focus. */
import type { VNode } from 'preact';
import type { FigureId } from '../../src/domain/metrics/figures.ts';
import { explanation, type FigureValues, type Frame, figureName, figureText } from './figure-text.ts';
import { Stat, type StatProps } from './stat.tsx';

export function FigureStat(
  props: {
    id: FigureId;
    /** Absent: not known yet. */
    values: FigureValues | undefined;
    frame: Frame | undefined;
    queueId?: string;
  } & Pick<StatProps, 'note' | 'course' | 'href' | 'over'>,
): VNode {
  const { id, values, frame, queueId, ...rest } = props;
  const figure = values?.[id];
  return (
    <Stat
      {...rest}
      label={figureName(id)}
      value={figureText(id, figure, 0)}
      formula={frame && explanation(id, figure, frame, queueId)}
    />
  );
}
