// What the beacon makes of the people's views, and the requests that contain them.
import { SITE_SETTINGS } from '../traffic/population.mjs';
import { pathOf, queryOf } from './people.mjs';
import { fieldsOf } from './rows.mjs';

export const SITE = {
  id: 'site',
  title: 'Site',
  timezone: 'Europe/Berlin',
  ...SITE_SETTINGS,
  signals: 'without-record',
  createdAtMs: 0,
};

/** In order of time, each with the previous one of its visit. `parts`: modules of src/, from the build or the test. */
export function sentOf(views, { parseRequest, createSiteReader, hitLine, linesOf, columns }) {
  const measured = createSiteReader()(SITE);
  const surroundings = { site: () => measured, salt: () => Buffer.alloc(32), allows: () => true };
  const [, technology, visitor] = fieldsOf(columns);
  const sent = views.map(asSent);
  const byView = new Map(views.map((view, place) => [view, sent[place]]));
  for (const [place, view] of views.entries()) if (view.before) sent[place].before = byView.get(view.before);
  return sent;

  function asSent(view) {
    const { browser, atMs } = view;
    const query = queryOf(view, SITE.id);
    const headers = {
      'User-Agent': browser.agent,
      'Accept-Language': browser.language,
      'X-Forwarded-For': browser.address,
      ...(browser.signal ? { DNT: '1' } : {}),
    };
    const request = {
      query,
      userAgent: browser.agent,
      referer: '',
      acceptLanguage: browser.language,
      brands: '',
      mobile: '',
      platform: '',
      purpose: '',
      signal: browser.signal,
      address: browser.address,
      receivedAtMs: atMs,
    };
    const parsed = parseRequest(request, surroundings);
    const fields = hitLine(parsed.hit).slice(0, -1).split('\t');
    const step = parsed.observations.find(({ kind }) => kind === 'step');
    const lines = linesOf(parsed);
    return {
      path: pathOf(view),
      technology: fields[technology],
      visitor: fields[visitor],
      atMs,
      query,
      headers,
      lines,
      step,
      before: undefined,
    };
  }
}

/** What version 0.1 stored beside a view. */
export function asVersion01({ atMs, technology, step }) {
  return { atMs, technology, step };
}
