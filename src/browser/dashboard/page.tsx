// The script of the pages. The page itself says which part of it is used: see web/pages/layout.ts.
import { render } from 'preact';
import { CARDS } from './cards.js';
import { startInstallation } from './installation.js';
import { startPasskeys } from './passkeys.js';
import { startSetup } from './setup.js';
import { SitePage } from './site-page.js';
import { SiteContext, startSiteState } from './state.js';

const { page } = document.body.dataset;
if (page === 'setup') startSetup();
if (page === 'installation') startInstallation();
if (page === 'passkeys') startPasskeys();
if (page === 'site') startSite();

function startSite(): void {
  const root = document.getElementById('page');
  if (root === null) throw new Error('the page has no place for its contents');
  const { site = '', title = '', timezone = 'UTC', host = '', hosts = '', since = '', reports } = root.dataset;
  const shared = reports?.split(' ');
  const shows = (name: string): boolean => shared === undefined || shared.includes(name);
  const settings = { site, title, timezone, host, hosts: hosts === '' ? [] : hosts.split(' '), since, shows };
  const cards = CARDS.filter(({ report }) => shows(report));
  render(
    <SiteContext.Provider value={startSiteState(settings, cards)}>
      <SitePage cards={cards} />
    </SiteContext.Provider>,
    root,
  );
}
