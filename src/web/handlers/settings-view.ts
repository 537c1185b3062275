// The settings page of a site as its caller may see it.
import type { Request } from 'express';
import type { Site } from '../../hit/site.js';
import type { Person } from '../../people/person.js';
import { includes, ownedSites } from '../../people/rights.js';
import { choosable, LIVE } from '../../people/share-rules.js';
import { tokensOfSiteWithUses } from '../../store/site-tokens.js';
import { basePathOf } from '../base-path.js';
import type { Caller } from '../callers.js';
import { installationOf } from '../installation.js';
import { usedOfLimit } from '../limits.js';
import { limitNotice } from '../pages/limits.js';
import { navigation } from '../pages/navigation.js';
import { reportText } from '../pages/report-names.js';
import { type OwnerParts, type SettingsParts, settingsPage } from '../pages/settings.js';
import type { ShareChoice } from '../pages/share.js';
import type { AppParts } from '../parts.js';

const LIVE_TEXT = 'views and events as they arrive';
/** The part of a summary that is for programs, such as "(`page=/path`)". */
const OF_PARAMETERS = / \(`[^`]*`\)/;
/** The newest ones; a link leads to the others. */
const CHANGES_SHOWN = 20;

export type SettingsView = (
  req: Request,
  on: { readonly caller: Caller; readonly site: Site },
  more?: Partial<SettingsParts> & { readonly ofOwner?: Partial<OwnerParts> },
) => Promise<ReturnType<typeof settingsPage>>;

export function createSettingsView(parts: AppParts): SettingsView {
  const { accounts, people, audit, mailer, publicUrl, clientAddress, nowMs } = parts;
  const base = () => basePathOf(publicUrl());
  const choices = shareChoices(parts);
  const ownerParts = async (caller: Caller, site: string): Promise<OwnerParts> => ({
    members: people.members.of(site),
    invitations: people.members.invited(site),
    teams: people.teams.ofSite(site).map((team) => ({
      team,
      members: people.teamMembers.of(team),
      isOpen: caller.roleInTeam(team.id) !== undefined,
    })),
    isDirectOwner: caller.ownsDirectly(site),
    sendsMail: mailer !== undefined,
    tokens: await tokensOfSiteWithUses(accounts, site),
    shares: { shares: people.shares.ofSite(site), choices },
    changes: await audit.page({ site, limit: CHANGES_SHOWN }),
  });
  /** For people who own the site. */
  const noticeOf = async (person: Person | undefined, site: string) =>
    person !== undefined && ownedSites(person).includes(site) ? limitNotice(await usedOfLimit(parts, person)) : undefined;
  return async (req, { caller, site }, { ofOwner, ...more } = {}) =>
    settingsPage({
      site,
      nav: navigation(base(), caller),
      publicUrl: publicUrl(),
      ownAddress: clientAddress(req),
      nowMs: nowMs(),
      installation: await installationOf(parts, site),
      owner: includes(caller.rightOn(site.id), 'own') ? { ...(await ownerParts(caller, site.id)), ...ofOwner } : undefined,
      limits: await noticeOf(caller.signedIn?.person, site.id),
      ...more,
    });
}

/** With the summaries of the reports, so that each is described in one place. */
function shareChoices({ kinds, reportSchemas }: AppParts): ShareChoice[] {
  const reports = kinds.flatMap((kind) => kind.reports);
  const textOf = (name: string): string => reports.find((report) => report.name === name)?.summary ?? name;
  return choosable(Object.keys(reportSchemas)).map((name) => {
    const text = (name === LIVE ? LIVE_TEXT : textOf(name)).replace(OF_PARAMETERS, '');
    return { name, text: reportText(name, text.charAt(0).toUpperCase() + text.slice(1)) };
  });
}
