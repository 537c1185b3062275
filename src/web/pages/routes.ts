// The pages for people, and the three forms on them.
import express, { type Request, type Response } from 'express';
import { checkSite } from '../../store/account-rules.js';
import { basePathOf } from '../base-path.js';
import { ERRORS, WebError } from '../errors.js';
import type { AppParts } from '../parts.js';
import { type AddRoute, mayRead, setCookie } from '../security.js';
import { countedCard } from './counted.js';
import type { Html } from './html.js';
import { keptCard } from './kept.js';
import { PAGE_HEADERS } from './layout.js';
import { EMPTY_SETUP, type SetupFields, setupDonePage, setupPage } from './setup.js';
import { signInPage } from './sign-in.js';
import { sitePage } from './site.js';
import { sitesPage } from './sites.js';

const form = express.urlencoded({ extended: false, limit: '16kb', parameterLimit: 50 });

export function addPages(addRoute: AddRoute, { accounts, publicUrl, nowMs, kinds }: AppParts): void {
  const base = () => basePathOf(publicUrl());
  addRoute('GET /', (_req, res, { token }) => {
    const sites = accounts.sites().filter(({ id }) => mayRead(token, id));
    const [only] = sites;
    if (sites.length === 1 && only !== undefined)
      res.set('Cache-Control', 'no-store').redirect(303, `${base()}/sites/${only.id}`);
    else show(res, sitesPage(base(), sites));
  });

  addRoute(
    'POST /sign-in',
    async (req, res) => {
      const secret = textField(req, 'token').trim();
      if (secret === '') throw new WebError('bad-request', 'Enter a token.');
      if (accounts.token(secret) === undefined) await accounts.refresh(); // it may be new
      if (accounts.token(secret) === undefined) return show(res, signInPage(base(), ERRORS['unknown-token'].message), 401);
      setCookie(res, secret, publicUrl());
      // Always the start page: an address taken from the request could lead to any other site.
      res.set('Cache-Control', 'no-store').redirect(303, `${base()}/`);
    },
    form,
  );

  addRoute('GET /sites/:site', (_req, res, { site, token }) => {
    const readable = accounts.sites().filter(({ id }) => mayRead(token, id));
    const notes = [countedCard(site, publicUrl()), keptCard(site, kinds, nowMs())];
    show(res, sitePage(site, readable, publicUrl(), notes));
  });

  addRoute('GET /setup/:secret', (req, res) => {
    show(res, setupPage(base(), req.path, EMPTY_SETUP, []));
  });

  addRoute(
    'POST /setup/:secret',
    async (req, res) => {
      const typed: SetupFields = {
        title: textField(req, 'title'),
        id: textField(req, 'id').trim(),
        timezone: textField(req, 'timezone'),
        hosts: textField(req, 'hosts'),
      };
      const checked = checkSite({ ...typed, hosts: typed.hosts.split(/[\s,;]+/).filter((name) => name !== '') });
      if ('problems' in checked) return show(res, setupPage(base(), req.path, typed, checked.problems), 400);
      const site = { ...checked.settings, createdAtMs: nowMs() };
      // the route's guard ran before the form was read, and two forms may arrive at once
      const made = await accounts.setUp(site, { title: 'made at the first run', nowMs: nowMs() });
      if (made === 'over') throw new WebError('not-found');
      setCookie(res, made.secret, publicUrl());
      show(res, setupDonePage(site, made.secret, publicUrl()));
    },
    form,
  );
}

function show(res: Response, page: Html, status = 200): void {
  res.status(status).set(PAGE_HEADERS).send(page.text);
}

/** Returns an empty text if the field is missing. */
function textField(req: Request, name: string): string {
  const value: unknown = (req.body as Record<string, unknown> | undefined)?.[name] ?? '';
  if (typeof value !== 'string')
    throw new WebError('bad-request', 'The form has a field more than once. Reload the page and send it again.');
  return value;
}
