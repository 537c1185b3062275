// Changing a site's settings, its time zone, its tokens and its members.
import type { Request } from 'express';
import { changeSite } from '../../operations/settings/change-site.js';
import { checkPerson, type FieldProblem, SITE_ROLES, type SiteRole } from '../../people/person.js';
import { checkSite } from '../../store/account-rules.js';
import { isTokenTitle, revokeTokenOfSite, TOKEN_TITLE_RULE } from '../../store/site-tokens.js';
import { zoneChange, zoneChangeText } from '../../time/zone-change.js';
import { basePathOf } from '../base-path.js';
import { WebError } from '../errors.js';
import { demandChanged } from '../members.js';
import { navigation } from '../pages/navigation.js';
import { type SettingsTyped, zonePage } from '../pages/settings.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { form, goTo, listOf, show, textField } from './form.js';
import { createSettingsView, type SettingsView } from './settings-view.js';
import { addShares } from './shares.js';

const ONE_TIME = 'It is shown only now, and works once. Send it to this person.';
const DONE: Readonly<Record<string, string>> = {
  settings: 'The settings were saved.',
  timezone: 'The time zone was changed.',
  members: 'The members were changed.',
  token: 'The token was revoked.',
  share: 'The link was revoked.',
};

export function addSettings(addRoute: AddRoute, parts: AppParts): void {
  const { publicUrl } = parts;
  const base = () => basePathOf(publicUrl());

  const view = createSettingsView(parts);

  addRoute('GET /sites/:site/settings', (req, res, on) => {
    show(res, view(req, on, { done: DONE[String(req.query.done)] }));
  });

  addRoute(
    'POST /sites/:site/settings',
    async (req, res, on) => {
      const typed = settingsTyped(req);
      const changed = await changeSite(parts, on.site, () => changesOf(typed));
      if (changed === 'unknown') throw new WebError('unknown-site');
      if ('problems' in changed) return show(res, view(req, on, { typed, problems: namedAsInForm(changed.problems) }), 400);
      goTo(res, `${base()}/sites/${on.site.id}/settings?done=settings`);
    },
    form,
  );

  addTimezone(addRoute, parts, view);
  addTokens(addRoute, parts, view);
  addMembers(addRoute, parts, view);
  addShares(addRoute, parts, view);
}

function addTimezone(addRoute: AddRoute, parts: AppParts, view: SettingsView): void {
  const base = () => basePathOf(parts.publicUrl());
  addRoute(
    'POST /sites/:site/timezone',
    async (req, res, on) => {
      const { site, caller } = on;
      const typed = textField(req, 'timezone');
      const checked = checkSite({ ...site, timezone: typed });
      if ('problems' in checked) return show(res, view(req, on, { problems: checked.problems }), 400);
      const { timezone } = checked.settings;
      const settings = `${base()}/sites/${site.id}/settings`;
      if (timezone === site.timezone) return goTo(res, settings);
      if (textField(req, 'confirmed') === '') {
        const text = zoneChangeText(site.timezone, timezone, zoneChange(site.timezone, timezone, parts.nowMs()));
        return show(res, zonePage({ site, nav: navigation(base(), caller), base: base(), timezone, text }));
      }
      const changed = await changeSite(parts, site, () => ({ timezone }));
      if (changed === 'unknown') throw new WebError('unknown-site');
      goTo(res, `${settings}?done=timezone`);
    },
    form,
  );
}

function addTokens(addRoute: AddRoute, { accounts, publicUrl, nowMs }: AppParts, view: SettingsView): void {
  addRoute(
    'POST /sites/:site/tokens',
    async (req, res, on) => {
      const { id } = on.site;
      if (textField(req, 'act') === 'revoke') {
        const prefix = textField(req, 'prefix');
        if ((await revokeTokenOfSite(accounts, id, prefix)) === 'unknown')
          throw new WebError('unknown-token-prefix', 'Only tokens for this site alone can be revoked here.');
        return goTo(res, `${basePathOf(publicUrl())}/sites/${id}/settings?done=token`);
      }
      const title = textField(req, 'tokenTitle').trim();
      if (title === '' || !isTokenTitle(title)) throw new WebError('bad-request', TOKEN_TITLE_RULE);
      const scope = textField(req, 'scope') === 'write' ? 'write' : 'read';
      const { secret } = await accounts.addToken({ title, sites: [id], scope, nowMs: nowMs() });
      show(res, view(req, on, { ofOwner: { secret } }));
    },
    form,
  );
}

function addMembers(addRoute: AddRoute, { people, publicUrl }: AppParts, view: SettingsView): void {
  const { members, invitations } = people;
  addRoute(
    'POST /sites/:site/members',
    async (req, res, on) => {
      const { caller, site } = on;
      const act = textField(req, 'act');
      if (act === 'invite') {
        const checked = checkPerson({ email: textField(req, 'email') });
        if ('problems' in checked) throw new WebError('bad-request', checked.problems[0]?.message);
        const { email } = checked.checked;
        const invitedBy = caller.signedIn?.person.name ?? site.title;
        const { secret } = await members.invite(site.id, { email, role: roleIn(req), invitedBy });
        return show(
          res,
          view(req, on, { ofOwner: { link: { for: email, url: `${publicUrl()}/invitations/${secret}`, text: ONE_TIME } } }),
        );
      }
      if (act === 'withdraw') {
        const id = textField(req, 'invitation');
        const isOfSite = invitations.pending().some((one) => one.id === id && String(Object.keys(one.sites)) === site.id);
        if (isOfSite) await invitations.withdraw(id);
      } else if (act === 'role') demandChanged(await members.change(site.id, textField(req, 'person'), roleIn(req)));
      else if (act === 'remove') demandChanged(await members.change(site.id, textField(req, 'person'), undefined));
      else throw new WebError('bad-request');
      goTo(res, `${basePathOf(publicUrl())}/sites/${site.id}/settings?done=members`);
    },
    form,
  );
}

function roleIn(req: Request): SiteRole {
  const role = textField(req, 'role') as SiteRole;
  if (!SITE_ROLES.includes(role)) throw new WebError('bad-request', 'Choose a role.');
  return role;
}

function settingsTyped(req: Request): SettingsTyped {
  const text = (name: string) => textField(req, name);
  return {
    title: text('title'),
    hosts: text('hosts'),
    excludedAddresses: text('excludedAddresses'),
    queryParameters: text('queryParameters'),
    storage: text('storage'),
    signals: text('signals'),
    keepDays: text('keepDays'),
    keepMonths: text('keepMonths'),
    keepYears: text('keepYears'),
  };
}

function changesOf(typed: SettingsTyped): Record<string, unknown> {
  const { hosts, excludedAddresses, queryParameters, keepDays, keepMonths, keepYears, ...same } = typed;
  const kept = Object.entries({ day: keepDays, month: keepMonths, year: keepYears }).filter(([, text]) => text !== '');
  return {
    ...same,
    hosts: listOf(hosts),
    excludedAddresses: listOf(excludedAddresses),
    queryParameters: listOf(queryParameters),
    keep: Object.fromEntries(kept.map(([grain, text]) => [grain, /^\d+$/.test(text) ? Number(text) : text])),
  };
}

/** What is wrong with `keep` is shown at its first field. */
function namedAsInForm(problems: readonly FieldProblem[]): FieldProblem[] {
  return problems.map((problem) => (problem.field === 'keep' ? { ...problem, field: 'keepDays' } : problem));
}
