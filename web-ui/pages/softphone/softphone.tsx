/** Call from this browser: a number or a menu, with a keypad that the keyboard works too. */
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { errorText } from '../../api/client.ts';
import { fieldMessage } from '../../api/field-message.ts';
import { toast } from '../../components/feedback.tsx';
import { SelectField, TextField } from '../../components/form.tsx';
import { Lamp, phaseLamp } from '../../components/lamp.tsx';
import { Page } from '../../components/page.tsx';
import { Elapsed } from '../../components/time.tsx';
import { hasText, t, translateCode } from '../../i18n/translate.ts';
import { live } from '../../state/live.ts';
import { useList } from '../../state/load.ts';
import {
  callFromBrowser,
  hangUpPhone,
  levels,
  muted,
  muteMicrophone,
  type PhoneFault,
  phone,
  pressKey,
} from './phone.ts';

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** Plays the other party; outside of the page, so that a call goes on when one looks elsewhere. */
const audio = new Audio();

export function SoftphonePage(): VNode {
  const [to, setTo] = useState('');
  const now = phone.value;
  const places = usePlaces();

  const press = async (key: string): Promise<void> => {
    if (phone.value.phase !== 'calling') {
      setTo((dialled) => dialled + key);
      return;
    }
    try {
      await pressKey(key);
    } catch (error) {
      toast(errorText(error));
    }
  };

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, select, textarea, dialog'))
        return;
      if (!keys.includes(event.key)) return;
      event.preventDefault();
      void press(event.key);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);

  return (
    <Page title={t('place.softphone')} intro={t('softphone.intro')}>
      <div class="softphone">
        <section class="card stack-wide">
          {!isSecureContext && (
            <div class="error-summary" role="alert">
              <strong>{t('softphone.error.insecure-context')}</strong>
              <p>{t('softphone.fix.insecure-context')}</p>
            </div>
          )}
          {now.phase === 'idle' && now.error && <Fault fault={now.error} />}
          {now.phase === 'idle' ? (
            <form
              class="form"
              noValidate
              onSubmit={(event) => {
                event.preventDefault();
                const number = to.replace(/[\s()./-]/g, '');
                if (number !== '') void callFromBrowser(number, audio);
              }}
            >
              {places.length > 0 && (
                <SelectField
                  label={t('softphone.place')}
                  value={places.some((place) => place.value === to) ? to : ''}
                  choices={[{ value: '', label: t('softphone.choose') }, ...places]}
                  onInput={(number) => {
                    if (number !== '') setTo(number);
                  }}
                />
              )}
              <TextField
                label={t('softphone.number')}
                help={t('softphone.numberHelp')}
                value={to}
                onInput={setTo}
                type="tel"
              />
              <div class="actions">
                <button type="submit" class="button button-primary" disabled={to.trim() === ''}>
                  {t('softphone.call')}
                </button>
              </div>
            </form>
          ) : (
            <Running />
          )}
        </section>
        <section class="card">
          <h2>{t('softphone.keypad')}</h2>
          <div class="keypad">
            {keys.map((key) => (
              <button type="button" class="button" key={key} onClick={() => void press(key)}>
                {key}
              </button>
            ))}
          </div>
          <p class="field-help">{t('softphone.keypadHelp')}</p>
        </section>
      </div>
    </Page>
  );
}

/** What can be dialled inside: menus, queues, extensions. */
function usePlaces(): { value: string; label: string }[] {
  const menus = useList('listIvrMenus').list?.items ?? [];
  const queues = useList('listQueues').list?.items ?? [];
  const extensions = useList('listExtensions').list?.items ?? [];
  return [...menus, ...queues, ...extensions].flatMap((place) =>
    place.number === undefined ? [] : [{ value: place.number, label: `${place.number} ${place.name}` }],
  );
}

function Fault({ fault }: { fault: PhoneFault }): VNode {
  const own = `softphone.error.${fault.code}`;
  const fix = `softphone.fix.${fault.code}`;
  return (
    <div class="error-summary" role="alert">
      <strong>{hasText(own) ? translateCode(own) : errorText(fault.error ?? fault.code)}</strong>
      {fault.error?.problem.errors?.map((each) => (
        <p key={each.message}>{fieldMessage(each.message)}</p>
      ))}
      {hasText(fix) && <p>{translateCode(fix)}</p>}
    </div>
  );
}

function Running(): VNode {
  const now = phone.value;
  const call =
    now.phase === 'calling'
      ? live.value?.calls.find((candidate) => candidate.legs.some((leg) => leg.legId === now.legId))
      : undefined;
  return (
    <div class="stack-wide">
      <div class="spread">
        <strong class="figure">{now.phase === 'idle' ? '' : now.to}</strong>
        {now.phase === 'calling' && <Elapsed since={now.since} />}
      </div>
      {now.phase === 'opening' ? (
        <Lamp state="ringing" text={t('softphone.opening')} />
      ) : call ? (
        <Lamp state={phaseLamp(call.phase)} text={translateCode(`phase.${call.phase}`)} />
      ) : (
        <Lamp state="ringing" text={t('softphone.calling')} />
      )}
      <Levels />
      <div class="actions">
        <button
          type="button"
          class="button"
          aria-pressed={muted.value}
          disabled={now.phase !== 'calling'}
          onClick={() => muteMicrophone(!muted.value)}
        >
          {muted.value ? t('softphone.unmute') : t('softphone.mute')}
        </button>
        <button type="button" class="button button-danger" onClick={hangUpPhone}>
          {t('call.hangUp')}
        </button>
      </div>
    </div>
  );
}

/** How loud both sides are; drawn without rendering, many times a second. */
function Levels(): VNode {
  const microphone = useRef<HTMLMeterElement>(null);
  const peer = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    let frame = 0;
    const draw = (): void => {
      const now = levels();
      if (microphone.current) microphone.current.value = now.microphone;
      if (peer.current) peer.current.value = now.peer;
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <div class="levels">
      <label>
        <span>{t('softphone.you')}</span>
        <meter ref={microphone} min={0} max={1} value={0} />
      </label>
      <label>
        <span>{t('softphone.other')}</span>
        <meter ref={peer} min={0} max={1} value={0} />
      </label>
    </div>
  );
}
