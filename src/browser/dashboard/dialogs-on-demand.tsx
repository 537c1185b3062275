// Loads the dialogs of a site's page when the first of them is opened, so that the page itself weighs less. Those that do not
// need the server are part of the page: they can be opened while it cannot be reached.
import { useEffect, useState } from 'preact/hooks';
import { OVERLAYS } from './address.js';
import type { Dialogs, DialogsProps } from './dialogs.js';
import { useSite } from './state.js';
import { DIALOGS } from './texts.js';

type State = { readonly Dialogs?: typeof Dialogs; readonly hasFailed?: boolean };

export function DialogsOnDemand(props: DialogsProps) {
  const { address, isHelpOpen, connection, choose } = useSite();
  const [{ Dialogs, hasFailed }, setState] = useState<State>({});
  // below what is open already, so not before that is closed
  const isCovered = address.value.wall === true || isHelpOpen.value;
  const isWanted = !isCovered && OVERLAYS.some((name) => address.value[name] !== undefined);
  useEffect(() => {
    if (!isWanted || Dialogs !== undefined) return;
    setState({});
    import('./dialogs.js').then(setState, () => {
      // the service has another version by now, which shows the same address
      if (connection.peek().isLive && !wasReloaded()) location.reload();
      else setState({ hasFailed: true });
    });
  }, [isWanted]);
  if (Dialogs !== undefined) return <Dialogs {...props} />;
  if (!isWanted) return null;
  if (!hasFailed) {
    return (
      <p class="not-loaded is-loading" role="status">
        {DIALOGS.loading}
      </p>
    );
  }
  return (
    <p class="not-loaded" role="alert">
      {DIALOGS.notLoaded}{' '}
      <button type="button" class="small-button" onClick={() => location.reload()}>
        {DIALOGS.reload}
      </button>{' '}
      <button
        type="button"
        class="quiet"
        aria-label={DIALOGS.close}
        onClick={() => choose({ list: undefined, page: undefined, pageList: undefined })}
      >
        ✕
      </button>
    </p>
  );
}

/** While nodes are being updated, another one may answer each time: a page is not reloaded again and again. */
function wasReloaded(): boolean {
  const [visit] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return visit?.type === 'reload';
}
