// Changing a site's settings, its time zone, its tokens and its members.

import type { Request } from 'express';
import type { Text } from '../../language/languages.js';
import { settingsChange } from '../../operations/audit/changes.js';
import { changeSite } from '../../operations/settings/change-site.js';
import { checkPerson, SITE_ROLES, type SiteRole } from '../../people/person.js';
import { checkSite } from '../../store/account-rules.js';
import { addTokenOfSites, isTokenTitle, TOKEN_TITLE_CODEPOINTS_MAX, TOKEN_TITLE_RULE } from '../../store/site-tokens.js';
import { basePathOf } from '../base-path.js';
import { demandDirectOwner } from '../direct-owner.js';
import { WebError } from '../errors.js';
import { installationOf } from '../installation.js';
import { mailLanguage } from '../language.js';
import { mailInvitation } from '../mails.js';
import { changeMember, inviteMember } from '../members.js';
import { installationPage } from '../pages/installation.js';
import { navigation } from '../pages/navigation.js';
import { invitationLink } from '../pages/people.js';
import { zonePage } from '../pages/settings.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { changesTyped, typedOf } from '../settings-typed.js';
import { recordToken, revokeToken } from '../tokens.js';
import { zonePreview } from '../zone-preview.js';
import { form, goTo, longForm, messageIn, problemText, show, textField } from './form.js';
import { changesOf, conflictProblems, namedAsInForm, settingsSent } from './settings-form.js';
import { createSettingsView, type SettingsView } from './settings-view.js';
import { addShares } from './shares.js';
import { addSiteTeams } from './site-teams.js';

const DONE: Readonly<Record<string, Text>> = {
  settings: { en: 'The settings were saved.', de: 'Die Einstellungen wurden gespeichert.' },
  timezone: { en: 'The time zone was changed.', de: 'Die Zeitzone wurde geändert.' },
  members: { en: 'The members were changed.', de: 'Die Mitglieder wurden geändert.' },
  teams: { en: 'The site was removed from the team.', de: 'Die Website wurde aus dem Team entfernt.' },
  token: { en: 'The token was revoked.', de: 'Das Token wurde widerrufen.' },
  share: { en: 'The link was revoked.', de: 'Der Link wurde widerrufen.' },
};

export function addSettings(addRoute: AddRoute, parts: AppParts): void {
  const { audit, publicUrl } = parts;
  const base = () => basePathOf(publicUrl());

  const view = createSettingsView(parts);

  addRoute('GET /sites/:site/settings', async (req, res, on) => {
    show(res, await view(req, on, { done: messageIn(req, DONE) }));
  });

  addRoute(
    'POST /sites/:site/settings',
    async (req, res, on) => {
      const sent = settingsSent(req, on.site);
      let [compared, current] = [changesTyped(sent, typedOf(on.site)), on.site];
      const changed = await changeSite(parts, on.site, (before) => {
        [compared, current] = [changesTyped(sent, typedOf(before)), before];
        return compared.conflicts.length > 0 ? {} : changesOf(compared.changed, before);
      });
      if (changed === 'unknown') throw new WebError('unknown-site');
      const conflicts = conflictProblems(compared.conflicts, typedOf(current));
      const problems = 'problems' in changed ? namedAsInForm(changed.problems) : conflicts;
      if (problems.length > 0) {
        const typed = { ...typedOf(current), ...compared.changed };
        const status = conflicts.length > 0 ? 409 : 400;
        return show(res, await view(req, { ...on, site: current }, { typed, problems }), status);
      }
      if ('site' in changed) await audit.record(on.caller.who, settingsChange(changed.before, changed.site));
      goTo(res, `${base()}/sites/${on.site.id}/settings?done=settings`);
    },
    longForm,
  );

  addRoute('GET /sites/:site/installation', async (_req, res, { caller, site }) => {
    const installation = await installationOf(parts, site);
    show(res, installationPage({ site, publicUrl: publicUrl(), installation }, navigation(base(), caller)));
  });

  addTimezone(addRoute, parts, view);
  addTokens(addRoute, parts, view);
  addMembers(addRoute, parts, view);
  addShares(addRoute, parts, view);
  addSiteTeams(addRoute, parts);
}

function addTimezone(addRoute: AddRoute, parts: AppParts, view: SettingsView): void {
  const base = () => basePathOf(parts.publicUrl());
  addRoute(
    'POST /sites/:site/timezone',
    async (req, res, on) => {
      const { site, caller } = on;
      const typed = textField(req, 'timezone');
      const checked = checkSite({ ...site, timezone: typed });
      if ('problems' in checked) return show(res, await view(req, on, { problems: checked.problems }), 400);
      const { timezone } = checked.settings;
      const settings = `${base()}/sites/${site.id}/settings`;
      if (timezone === site.timezone) return goTo(res, settings);
      if (textField(req, 'confirmed') === '') {
        const { text } = await zonePreview(parts, site, timezone);
        return show(res, zonePage({ site, nav: navigation(base(), caller), base: base(), timezone, text }));
      }
      const changed = await changeSite(parts, site, () => ({ timezone }));
      if (changed === 'unknown') throw new WebError('unknown-site');
      if ('problems' in changed) return show(res, await view(req, on, { problems: changed.problems }), 400);
      await parts.audit.record(caller.who, settingsChange(changed.before, changed.site));
      goTo(res, `${settings}?done=timezone`);
    },
    form,
  );
}

const TITLE_RULE = {
  en: TOKEN_TITLE_RULE,
  de: `Geben Sie dem Token einen Titel in einer Zeile und mit höchstens ${TOKEN_TITLE_CODEPOINTS_MAX} Zeichen.`,
};

function addTokens(addRoute: AddRoute, parts: AppParts, view: SettingsView): void {
  const { accounts, publicUrl, nowMs } = parts;
  addRoute(
    'POST /sites/:site/tokens',
    async (req, res, on) => {
      const { id } = on.site;
      if (textField(req, 'act') === 'revoke') {
        const prefix = textField(req, 'prefix');
        if ((await revokeToken(parts, on.caller, id, prefix)) === 'unknown')
          throw new WebError('unknown-token-prefix', {
            en: 'Only tokens for this site alone can be revoked here.',
            de: 'Hier können nur Token widerrufen werden, die nur für diese Website gelten.',
          });
        return goTo(res, `${basePathOf(publicUrl())}/sites/${id}/settings?done=token`);
      }
      const title = textField(req, 'tokenTitle').trim();
      if (title === '' || !isTokenTitle(title)) throw new WebError('bad-request', TITLE_RULE);
      const scope = textField(req, 'scope') === 'write' ? 'write' : 'read';
      if (scope === 'write') demandDirectOwner(on.caller, id); // it could remove the owners
      const { secret, token } = await addTokenOfSites(accounts, { title, sites: [id], scope, nowMs: nowMs() });
      await recordToken(parts, on.caller, 'token.created', token);
      show(res, await view(req, on, { ofOwner: { secret } }));
    },
    form,
  );
}

function addMembers(addRoute: AddRoute, parts: AppParts, view: SettingsView): void {
  const { people, publicUrl, audit } = parts;
  const { invitations } = people;
  addRoute(
    'POST /sites/:site/members',
    async (req, res, on) => {
      const { caller, site } = on;
      const act = textField(req, 'act');
      if (act === 'invite') {
        const checked = checkPerson({ email: textField(req, 'email') });
        if ('problems' in checked) throw new WebError('bad-request', problemText(checked.problems));
        const { email } = checked.checked;
        const { secret } = await inviteMember(parts, caller, site, { email, role: roleIn(req) });
        const { link, mailed } = await mailInvitation(parts, caller, secret, { language: mailLanguage(res) });
        return show(res, await view(req, on, { ofOwner: { link: invitationLink(email, link, mailed) } }));
      }
      if (act === 'withdraw') {
        const id = textField(req, 'invitation');
        const invitation = invitations.pending().find((one) => one.id === id && String(Object.keys(one.sites)) === site.id);
        if (invitation !== undefined) {
          await invitations.withdraw(id);
          const subject = { kind: 'address', email: invitation.email } as const;
          await audit.record(caller.who, { action: 'invitation.withdrawn', site: site.id, subject });
        }
      } else if (act === 'role' || act === 'remove') {
        const person = textField(req, 'person');
        await changeMember(parts, caller, site.id, { person, role: act === 'role' ? roleIn(req) : undefined });
      } else throw new WebError('bad-request');
      goTo(res, `${basePathOf(publicUrl())}/sites/${site.id}/settings?done=members`);
    },
    form,
  );
}

function roleIn(req: Request): SiteRole {
  const role = textField(req, 'role') as SiteRole;
  if (!SITE_ROLES.includes(role)) throw new WebError('bad-request', { en: 'Choose a role.', de: 'Wählen Sie eine Rolle.' });
  return role;
}
