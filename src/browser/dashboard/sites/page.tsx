// The script of the page of all sites. It is apart from that of a site's page, of which it needs little. What the server has
// rendered stays until the numbers are there, which usually came with the page.
import { render } from 'preact';
import { forgetGiven, readGiven } from '../first-view/server.js';
import { startFoot } from '../foot.js';
import { createRollupState } from './rollup-state.js';
import { SitesPage } from './sites-page.js';
import { startSitesState } from './state.js';

startFoot();
const root = document.getElementById('sites');
if (root !== null) startSites(root); // without it, there is no site yet

function startSites(root: HTMLElement): void {
  readGiven();
  const state = startSitesState();
  const rollup = createRollupState(state);
  const status = document.getElementById('sites-status');
  const stopStatus = state.status.subscribe((text) => {
    if (status !== null) status.textContent = text;
  });
  const stop = state.overview.subscribe((overview) => {
    if (overview === undefined) return;
    queueMicrotask(() => {
      stopStatus();
      stop();
      forgetGiven();
      document.documentElement.classList.remove('other-view');
      root.replaceChildren();
      render(<SitesPage state={state} rollup={rollup} rowsOnPage={Number(root.dataset.rows)} />, root);
    });
  });
  document.addEventListener('keydown', (event) => {
    const { key, ctrlKey, metaKey, altKey, target } = event;
    const isTyped = target instanceof HTMLElement && target.closest('input, textarea, select, dialog') !== null;
    if (key !== '/' || ctrlKey || metaKey || altKey || isTyped) return;
    event.preventDefault();
    document.getElementById('search-sites')?.focus();
  });
}
