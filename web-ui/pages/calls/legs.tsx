/** The parties of a call and how each sounded. */
import type { VNode } from 'preact';
import type { Call, CallLeg } from '../../../src/domain/call.ts';
import { mosWord } from '../../../src/domain/call-result.ts';
import { Icon } from '../../components/icon.tsx';
import { Empty } from '../../components/page.tsx';
import { Elapsed, formatDuration, formatPrecise } from '../../components/time.tsx';
import { reasonText } from '../../i18n/reasons.ts';
import { language, t, translateCode } from '../../i18n/translate.ts';

function figure(value: number, digits: number): string {
  return new Intl.NumberFormat(language.value, { maximumFractionDigits: digits }).format(value);
}

export function Legs({ call }: { call: Call }): VNode {
  if (call.legs.length === 0) return <Empty title={t('leg.none')} text={t('leg.noneText')} />;
  return (
    <ul class="stack">
      {call.legs.map((leg) => (
        <li key={leg.legId} class="leg stack">
          <h3>
            {translateCode(`legRole.${leg.role}`)}: {leg.party}
          </h3>
          <dl class="facts">
            <dt>{t('leg.began')}</dt>
            <dd>{formatPrecise(leg.startedAt)}</dd>
            <dt>{t('leg.answered')}</dt>
            <dd>
              {leg.answeredAt === undefined
                ? t('leg.notAnswered')
                : t('leg.after', { duration: formatDuration(leg.answeredAt - leg.startedAt) })}
            </dd>
            <dt>{t('leg.ended')}</dt>
            <dd>
              {leg.endedAt === undefined ? (
                <>
                  {t('leg.running')} <Elapsed since={leg.answeredAt ?? leg.startedAt} />
                </>
              ) : (
                <EndOf leg={leg} />
              )}
            </dd>
          </dl>
          <Encryption leg={leg} />
          {leg.quality ? <Quality quality={leg.quality} /> : <p class="quiet">{t('leg.noQuality')}</p>}
        </li>
      ))}
    </ul>
  );
}

function EndOf({ leg }: { leg: CallLeg }): VNode {
  const { termination } = leg;
  return (
    <>
      {formatPrecise(leg.endedAt ?? leg.startedAt)}
      {termination && (
        <>
          {' · '}
          {reasonText(termination.reason)}
          {termination.sipStatus !== undefined && ` (SIP ${termination.sipStatus})`}
        </>
      )}
    </>
  );
}

/** Signalling and audio apart: either may be read by others while the other is safe. */
function Encryption({ leg }: { leg: CallLeg }): VNode | null {
  const { signalling, quality } = leg;
  if (signalling === undefined) return null;
  const isSafe = signalling === 'tls' || signalling === 'https';
  return (
    <dl class="facts">
      <dt>{t('leg.signalling')}</dt>
      <dd>
        <Locked locked={isSafe} text={translateCode(`signalling.${signalling}`)} />
      </dd>
      {quality && (
        <>
          <dt>{t('leg.audio')}</dt>
          <dd>
            <AudioEncryption srtp={quality.srtp} signalling={signalling} isSafe={isSafe} />
          </dd>
        </>
      )}
    </dl>
  );
}

function AudioEncryption(props: {
  srtp: NonNullable<CallLeg['quality']>['srtp'];
  signalling: NonNullable<CallLeg['signalling']>;
  isSafe: boolean;
}): VNode {
  const { srtp } = props;
  if (props.signalling === 'https') return <Locked locked text={t('leg.dtls')} />;
  if (!srtp) return <Locked locked={false} text={t('leg.plain')} />;
  const text = srtp.throughout
    ? t('leg.srtp', { suite: srtp.suite })
    : t('leg.srtpPartly', { suite: srtp.suite });
  return (
    <>
      <Locked locked={srtp.throughout && props.isSafe} text={text} />
      {!props.isSafe && <div class="quiet">{t('leg.readableKeys')}</div>}
      {srtp.rejected > 0 && <div class="quiet">{t('leg.rejected', { count: srtp.rejected })}</div>}
    </>
  );
}

function Locked({ locked, text }: { locked: boolean; text: string }): VNode {
  return (
    <span class="with-icon">
      <Icon name={locked ? 'lock' : 'unlocked'} /> {text}
    </span>
  );
}

/** Reports come every 5 s at least; less silence than this is none. */
const noteworthySilenceMs = 10_000;

function Quality({ quality }: { quality: NonNullable<CallLeg['quality']> }): VNode {
  const total = quality.packetsReceived + quality.packetsLost;
  return (
    <dl class="facts">
      <dt title={t('leg.mosHelp')}>{t('leg.mos')}</dt>
      <dd>
        {quality.mos === null
          ? t('leg.notHeard')
          : `${figure(quality.mos, 1)}, ${translateCode(`mos.${mosWord(quality.mos)}`)}`}
        {quality.mos !== null && <div class="quiet">{translateCode(`mosMeans.${mosWord(quality.mos)}`)}</div>}
      </dd>
      <dt>{t('leg.loss')}</dt>
      <dd>
        {t('leg.lossOf', {
          percent: figure(total > 0 ? (100 * quality.packetsLost) / total : 0, 2),
          lost: quality.packetsLost,
          total,
        })}
      </dd>
      {quality.remoteLossFraction !== null && (
        <>
          <dt>{t('leg.remoteLoss')}</dt>
          <dd>{figure(100 * quality.remoteLossFraction, 2)} %</dd>
        </>
      )}
      <dt>{t('leg.jitter')}</dt>
      <dd>
        {t('leg.jitterOf', {
          mean: figure(quality.jitterMeanMs, 1),
          max: figure(quality.jitterMaxMs, 1),
        })}
      </dd>
      {quality.roundTripMs !== null && (
        <>
          <dt>{t('leg.roundTrip')}</dt>
          <dd>{figure(quality.roundTripMs, 1)} ms</dd>
        </>
      )}
      {quality.longestSilenceMs >= noteworthySilenceMs && (
        <>
          <dt>{t('leg.silence')}</dt>
          <dd>{figure(quality.longestSilenceMs / 1000, 0)} s</dd>
        </>
      )}
      {quality.foreignDropped > 0 && (
        <>
          <dt>{t('leg.foreign')}</dt>
          <dd>{quality.foreignDropped}</dd>
        </>
      )}
      {quality.invalidDropped > 0 && (
        <>
          <dt>{t('leg.invalid')}</dt>
          <dd>{quality.invalidDropped}</dd>
        </>
      )}
    </dl>
  );
}
