// The settings page of a site as its caller may see it.
import type { Request } from 'express';
import type { Site } from '../../hit/site.js';
import { includes } from '../../people/rights.js';
import { tokensOfSite } from '../../store/site-tokens.js';
import { basePathOf } from '../base-path.js';
import type { Caller } from '../callers.js';
import { navigation } from '../pages/navigation.js';
import { type OwnerParts, type SettingsParts, settingsPage } from '../pages/settings.js';
import type { AppParts } from '../parts.js';

export type SettingsView = (
  req: Request,
  on: { readonly caller: Caller; readonly site: Site },
  more?: Partial<SettingsParts> & { readonly ofOwner?: Partial<OwnerParts> },
) => ReturnType<typeof settingsPage>;

export function createSettingsView({ accounts, people, publicUrl, clientAddress, nowMs }: AppParts): SettingsView {
  const base = () => basePathOf(publicUrl());
  const ownerParts = (site: string): OwnerParts => ({
    members: people.members.of(site),
    invitations: people.members.invited(site),
    tokens: tokensOfSite(accounts, site),
    shares: people.shares.ofSite(site),
  });
  return (req, { caller, site }, { ofOwner, ...more } = {}) =>
    settingsPage({
      site,
      nav: navigation(base(), caller),
      publicUrl: publicUrl(),
      ownAddress: clientAddress(req),
      nowMs: nowMs(),
      owner: includes(caller.rightOn(site.id), 'own') ? { ...ownerParts(site.id), ...ofOwner } : undefined,
      ...more,
    });
}
