/** The SIP messages of a call as arrows between this box and the other side; a message opens on click. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Ladder } from '../../../src/api/contract.ts';
import type { Call } from '../../../src/domain/call.ts';
import { api, errorText, urlOf } from '../../api/client.ts';
import { Empty, LoadFailed, Skeleton } from '../../components/page.tsx';
import { formatPrecise } from '../../components/time.tsx';
import { t } from '../../i18n/translate.ts';
import { useLoad } from '../../state/load.ts';

type Message = Ladder['messages'][number];

export function SipLadder({ call }: { call: Call }): VNode {
  // A running call gets a new ladder with each phase.
  const ladder = useLoad(`${call.callId} ${call.phase} ${call.legs.length}`, (signal) =>
    api('callLadder', { params: { id: call.callId }, signal }),
  );
  if (!ladder.value)
    return ladder.error ? (
      <LoadFailed text={errorText(ladder.error)} retry={ladder.reload} />
    ) : (
      <Skeleton lines={8} />
    );
  const { messages } = ladder.value;
  if (messages.length === 0) return <Empty title={t('sip.none')} text={t('sip.noneText')} />;
  return (
    <>
      <div class="actions">
        <a class="button" href={urlOf('callPcap', { id: call.callId })} download>
          {t('sip.pcap')}
        </a>
      </div>
      <p class="quiet">{t('sip.masked')}</p>
      <div class="ladder">
        <div class="ladder-head">
          <span>{t('sip.box')}</span>
          <span>{t('sip.peer')}</span>
        </div>
        <ol>
          {messages.map((message, index) => (
            <Step key={`${index}`} message={message} />
          ))}
        </ol>
      </div>
    </>
  );
}

function Step({ message }: { message: Message }): VNode {
  const [open, setOpen] = useState(false);
  const out = message.direction === 'out';
  return (
    <li>
      <button
        type="button"
        class={`ladder-step ladder-${message.direction}`}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span class="ladder-text">
          <span class="mono">{message.label}</span>
          <span class="quiet">{formatPrecise(message.at)}</span>
        </span>
        <svg class="ladder-arrow" viewBox="0 0 200 10" preserveAspectRatio="none" aria-hidden="true">
          <line x1="0" y1="5" x2="200" y2="5" stroke="currentColor" vector-effect="non-scaling-stroke" />
        </svg>
        <span class="sr-only">{out ? t('sip.sent') : t('sip.received')}</span>
        <span class="ladder-peer quiet">
          {message.transport.toUpperCase()} {message.remote}
        </span>
      </button>
      {open && <pre class="ladder-message mono">{message.text}</pre>}
    </li>
  );
}
