// The list of sites, a site's page, and a new site.
import type { Request, Response } from 'express';
import type { Site } from '../../hit/site.js';
import { includes } from '../../people/rights.js';
import type { Share } from '../../people/shares.js';
import { checkSite } from '../../store/account-rules.js';
import { overviewQueryOf, teamsOf } from '../api/overview.js';
import { priceOfFirstView, priceOfOverview } from '../api/price.js';
import { basePathOf } from '../base-path.js';
import type { Caller } from '../callers.js';
import { textOf, WebError } from '../errors.js';
import { localeOfAnswer } from '../language.js';
import { demandHitsLeft, usedOfLimit } from '../limits.js';
import { countedCard } from '../pages/counted.js';
import { html } from '../pages/html.js';
import { keptCard } from '../pages/kept.js';
import { navigation } from '../pages/navigation.js';
import { newSitePage, siteReadyPage } from '../pages/setup.js';
import { asPageSite, type SitePageParts, sitePage } from '../pages/site.js';
import { NO_SITE_FIELDS } from '../pages/site-fields.js';
import { ROWS_ON_PAGE, sitesPage } from '../pages/sites.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { shareIn, sharePath } from '../shared.js';
import { createSite } from '../sites.js';
import { createDemandWithin } from '../within-limits.js';
import { fieldProblem, form, goTo, hostsOf, show, showInParts, textField } from './form.js';

const BEING_DELETED = {
  en: 'The site is being deleted. This takes up to some minutes.',
  de: 'Die Website wird gelöscht. Das dauert bis zu einigen Minuten.',
};

export function addSites(addRoute: AddRoute, parts: AppParts): void {
  const { accounts, kinds, publicUrl, nowMs, countedUntilMs } = parts;
  const base = () => basePathOf(publicUrl());
  const readableBy = ({ rightOn }: Caller): Site[] => accounts.sites().filter(({ id }) => rightOn(id) !== undefined);

  /** The page behind a share link: its addresses are below that of the link. */
  const showShared = async (res: Response, caller: Caller, { site: id, reports }: Share): Promise<void> => {
    const site = accounts.site(id);
    if (site === undefined) throw new WebError('share-over');
    const address = base() + sharePath(shareIn(caller.secret)?.secret ?? '');
    const page = {
      site,
      reports,
      readable: [],
      publicUrl: publicUrl(),
      base: address,
      nav: html``,
      mayEdit: false,
      isShared: true,
      notes: [],
    };
    await showSite(res, caller, page);
  };
  const demandWithin = createDemandWithin(parts);
  const showList = listOfSites(parts);
  const showSite = (res: Response, caller: Caller, page: SitePageParts): Promise<void> => {
    const { start, rest } = sitePage(page);
    const firstView = parts.firstView?.(
      {
        base: page.base,
        locale: localeOfAnswer(res),
        site: asPageSite(page.site),
        reports: page.reports,
        nowMs: nowMs(),
        asOfMs: countedUntilMs(),
      },
      () => demandWithin('api', caller, res.req, priceOfFirstView(page.reports)),
    );
    return showInParts(res, start, Promise.resolve(firstView).then(rest));
  };

  addRoute('GET /', async (req, res, { caller }) => {
    if (caller.share !== undefined) {
      if (caller.share.mayBeEmbedded) allowFrames(res);
      return showShared(res, caller, caller.share);
    }
    const sites = readableBy(caller);
    const [only] = sites;
    if (sites.length === 1 && only !== undefined && !('all' in req.query)) return goTo(res, `${base()}/sites/${only.id}`);
    await showList(req, res, { caller, sites });
  });

  addRoute('GET /sites/:site', async (_req, res, { caller, site }) => {
    if (caller.share !== undefined) throw new WebError('not-found'); // the page behind the link is its first one
    const mayEdit = caller.signedIn !== undefined && includes(caller.rightOn(site.id), 'edit');
    const change = mayEdit
      ? {
          en: html`Change it in the <a href="${base()}/sites/${site.id}/settings">settings</a>.`,
          de: html`Ändern Sie es in den <a href="${base()}/sites/${site.id}/settings">Einstellungen</a>.`,
        }
      : { en: 'Editors and owners of the site can change it.', de: 'Bearbeiter und Inhaber der Website können es ändern.' };
    const notes = [countedCard(site, publicUrl(), change), keptCard(site, kinds, nowMs(), change)];
    await showSite(res, caller, {
      site,
      readable: readableBy(caller),
      publicUrl: publicUrl(),
      base: base(),
      nav: navigation(base(), caller),
      mayEdit,
      notes,
    });
  });

  addNewSite(addRoute, parts);
}

function addNewSite(addRoute: AddRoute, parts: AppParts): void {
  const { publicUrl, nowMs } = parts;
  const base = () => basePathOf(publicUrl());

  addRoute('GET /new-site', async (_req, res, { caller }) => {
    await demandHitsLeft(parts, caller);
    show(res, newSitePage(base(), navigation(base(), caller), NO_SITE_FIELDS, []));
  });

  addRoute(
    'POST /new-site',
    async (req, res, { caller }) => {
      const text = (name: string) => textField(req, name);
      const typed = { title: text('title'), id: text('id'), timezone: text('timezone'), hosts: text('hosts') };
      const nav = navigation(base(), caller);
      const checked = checkSite({ ...typed, id: typed.id.trim(), hosts: hostsOf(typed.hosts) });
      if ('problems' in checked) return show(res, newSitePage(base(), nav, typed, checked.problems), 400);
      const site = { ...checked.settings, createdAtMs: nowMs() };
      if ((await createSite(parts, caller, site)) === 'taken') {
        const problem = fieldProblem('id', textOf('site-id-taken'));
        return show(res, newSitePage(base(), nav, typed, [problem]), 409);
      }
      show(res, siteReadyPage(site, nav, publicUrl()));
    },
    form,
  );
}

function allowFrames(res: Response): void {
  res.removeHeader('X-Frame-Options');
  const policy = String(res.getHeader('Content-Security-Policy'));
  res.set('Content-Security-Policy', policy.replace("frame-ancestors 'none'", 'frame-ancestors *'));
}

/** With more, the page comes without its numbers: they would take too long, and are too many to send twice. */
const SITES_VIEW_MAX = 500;

/** Returns a function that shows the page of all sites. */
function listOfSites(parts: AppParts) {
  const { people, countedUntilMs } = parts;
  const demandWithin = createDemandWithin(parts);
  return async (
    req: Request,
    res: Response,
    { caller, sites }: { readonly caller: Caller; readonly sites: readonly Site[] },
  ): Promise<void> => {
    const { query } = req;
    const base = basePathOf(parts.publicUrl());
    const person = caller.signedIn?.person;
    const pageNumber = Number(query.page);
    const { start, rest } = sitesPage({
      base,
      nav: navigation(base, caller),
      sites,
      used: person && (await usedOfLimit(parts, person)),
      mayCreate: caller.mayCreateSites,
      done: 'deleted' in query ? BEING_DELETED : undefined,
      pageNumber,
    });
    if (sites.length === 0 || sites.length > SITES_VIEW_MAX) return showInParts(res, start, Promise.resolve(rest(undefined)));
    const view = parts.sitesView?.(
      {
        base,
        locale: localeOfAnswer(res),
        overview: overviewQueryOf(sites, caller, countedUntilMs()),
        teams: teamsOf(caller, people.teams.all(), sites),
        rowsOnPage: ROWS_ON_PAGE,
        page: Math.max(1, Math.floor(pageNumber) || 1),
      },
      () => demandWithin('api', caller, req, priceOfOverview(sites.length)),
    );
    return showInParts(res, start, Promise.resolve(view).then(rest));
  };
}
