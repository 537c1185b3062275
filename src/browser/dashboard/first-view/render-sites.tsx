// Renders the page of all sites with its numbers as HTML, on the server, as render.tsx does with the page of one site.
import { signal } from '@preact/signals';
import { renderToString } from 'preact-render-to-string';
import type { SitesViewQuery } from '../../../web/first-view.js';
import { readSitesAddress } from '../sites/address.js';
import { createRollupState } from '../sites/rollup-state.js';
import type { Overview } from '../sites/rows.js';
import { SitesPage } from '../sites/sites-page.js';
import { ageText, type SitesState } from '../sites/state.js';
import { rendering } from './on-server.js';

/** `overview`: as the API answers it. */
export async function renderSites({ base, rowsOnPage, page }: SitesViewQuery, overview: string): Promise<string> {
  const answer = async (): Promise<string> => overview;
  return rendering.run({ base, answer, given: new Map() }, () => {
    const state = fixedState(JSON.parse(overview) as Overview, page);
    return renderToString(<SitesPage state={state} rollup={createRollupState(state)} rowsOnPage={rowsOnPage} />);
  });
}

/** The state of a page that has just been opened and got its numbers. Nothing changes it. */
function fixedState(overview: Overview, page: number): SitesState {
  const nothing = (): void => {};
  return {
    overview: signal(overview),
    address: signal({ ...readSitesAddress(''), page }),
    status: signal(ageText(0)),
    isSignedOut: signal(false),
    ...{ choose: nothing, setRollup: nothing, failed: nothing },
  };
}
