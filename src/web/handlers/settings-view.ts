// The settings page of a site as its caller may see it.
import type { Request } from 'express';
import type { Site } from '../../hit/site.js';
import type { Person } from '../../people/person.js';
import { includes, ownedSites } from '../../people/rights.js';
import { tokensOfSiteWithUses } from '../../store/site-tokens.js';
import { basePathOf } from '../base-path.js';
import type { Caller } from '../callers.js';
import { usedOfLimit } from '../limits.js';
import { limitNotice } from '../pages/limits.js';
import { navigation } from '../pages/navigation.js';
import { type OwnerParts, type SettingsParts, settingsPage } from '../pages/settings.js';
import type { AppParts } from '../parts.js';

/** The newest ones; a link leads to the others. */
const CHANGES_SHOWN = 20;

export type SettingsView = (
  req: Request,
  on: { readonly caller: Caller; readonly site: Site },
  more?: Partial<SettingsParts> & { readonly ofOwner?: Partial<OwnerParts> },
) => Promise<ReturnType<typeof settingsPage>>;

export function createSettingsView(parts: AppParts): SettingsView {
  const { accounts, people, audit, publicUrl, clientAddress, nowMs } = parts;
  const base = () => basePathOf(publicUrl());
  const ownerParts = async (site: string): Promise<OwnerParts> => ({
    members: people.members.of(site),
    invitations: people.members.invited(site),
    tokens: await tokensOfSiteWithUses(accounts, site),
    shares: people.shares.ofSite(site),
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
      owner: includes(caller.rightOn(site.id), 'own') ? { ...(await ownerParts(site.id)), ...ofOwner } : undefined,
      limits: await noticeOf(caller.signedIn?.person, site.id),
      ...more,
    });
}
