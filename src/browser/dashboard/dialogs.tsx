// The lists and the panel that open over a site's page. This part of the script is loaded when it is needed: see
// dialogs-on-demand.tsx.
import type { Card } from './card.js';
import type { Loaded } from './loaded.js';
import { Panel } from './panel.js';
import { ShowAll } from './show-all/show-all.js';
import { useSite } from './state.js';

export interface DialogsProps {
  readonly cards: readonly Card[];
  readonly loaded: Loaded | undefined;
}

/** In this order, since a dialog that is opened later is above the others. */
export function Dialogs({ cards, loaded }: DialogsProps) {
  return (
    <>
      <ShowAll name="list" cards={cards} loaded={loaded} />
      {useSite().settings.shows('pages') && <Panel loaded={loaded} />}
      <ShowAll name="pageList" cards={cards} loaded={loaded} />
    </>
  );
}
