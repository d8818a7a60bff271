/** A page loaded when it is first opened, so that the first page stays light. */
import { type ComponentType, h, type VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { LoadFailed, Skeleton } from '../components/page.tsx';
import { t } from '../i18n/translate.ts';

export type PageProps = { id?: string; params?: Record<string, string> };

/** Wraps `load`; while it is under way the page's space is kept, and a failure can be tried again. */
export function lazyPage(load: () => Promise<ComponentType<PageProps>>): ComponentType<PageProps> {
  let loaded: ComponentType<PageProps> | undefined;
  return function LazyPage(props: PageProps): VNode {
    const [, setRound] = useState(0);
    const [failed, setFailed] = useState(false);
    const begin = (): void => {
      setFailed(false);
      load().then(
        (component) => {
          loaded = component;
          setRound((n) => n + 1);
        },
        () => setFailed(true),
      );
    };
    useEffect(() => {
      if (!loaded) begin();
    }, []);
    if (loaded) return h(loaded, props);
    if (failed) return <LoadFailed text={t('error.ui.chunk')} retry={() => location.reload()} />;
    return <Skeleton lines={6} />;
  };
}
