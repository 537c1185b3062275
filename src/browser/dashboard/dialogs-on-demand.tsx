// Loads the dialogs of a site's page when the first of them is opened, so that the page itself weighs less. Those that do not
// need the server are part of the page: they can be opened while it cannot be reached.
import { useEffect, useState } from 'preact/hooks';
import { OVERLAYS } from './address.js';
import type { Dialogs, DialogsProps } from './dialogs.js';
import { useSite } from './state.js';
import { DIALOGS } from './texts.js';

type State = { readonly Dialogs?: typeof Dialogs; readonly hasFailed?: boolean };

export function DialogsOnDemand(props: DialogsProps) {
  const { address } = useSite();
  const [{ Dialogs, hasFailed }, setState] = useState<State>({});
  const isWanted = OVERLAYS.some((name) => address.value[name] !== undefined);
  useEffect(() => {
    if (isWanted && Dialogs === undefined) import('./dialogs.js').then(setState, () => setState({ hasFailed: true }));
  }, [isWanted]);
  if (Dialogs !== undefined) return <Dialogs {...props} />;
  if (!isWanted || !hasFailed) return null;
  return (
    <p class="not-loaded" role="alert">
      {DIALOGS.notLoaded}{' '}
      <button type="button" class="small-button" onClick={() => location.reload()}>
        {DIALOGS.reload}
      </button>
    </p>
  );
}
