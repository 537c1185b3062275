// Changing the members of a site: the same for the page and the API.

import type { Site } from '../hit/site.js';
import { fieldChange } from '../operations/audit/changes.js';
import type { MemberChange } from '../people/members.js';
import type { SiteRole } from '../people/person.js';
import { actorOf, type Caller } from './callers.js';
import { demandDirectOwner } from './direct-owner.js';
import { WebError } from './errors.js';
import type { AppParts } from './parts.js';

/** Creates an invitation. `email`: in its normal form; see `checkPerson`. Throws a WebError if the caller may not. */
export async function inviteMember(
  { people, audit }: Pick<AppParts, 'people' | 'audit'>,
  caller: Caller,
  site: Site,
  { email, role }: { readonly email: string; readonly role: SiteRole },
): Promise<{ readonly secret: string; readonly invitedBy: string; readonly untilMs: number }> {
  demandMayGive(caller, site.id, role);
  const { who, signedIn } = caller;
  const invitedBy = signedIn?.person.name ?? site.title;
  const created = await people.members.invite(site.id, { email, role, invitedBy, inviterId: signedIn?.person.id });
  const subject = { kind: 'address', email } as const;
  await audit.record(who, { action: 'member.invited', site: site.id, subject, changes: [fieldChange('role', undefined, role)] });
  return { ...created, invitedBy };
}

/** Without a role, the person is removed from the site. Throws a WebError if nothing was changed. */
export async function changeMember(
  { people, audit }: Pick<AppParts, 'people' | 'audit'>,
  caller: Caller,
  site: string,
  { person, role }: { readonly person: string; readonly role: SiteRole | undefined },
): Promise<void> {
  const member = (): { readonly name: string; readonly role: SiteRole | undefined } => {
    const found = people.directory.person(person);
    return { name: found?.name ?? '', role: people.members.of(site).find((one) => one.person.id === person)?.role };
  };
  const before = member();
  demandMayGive(caller, site, before.role);
  demandMayGive(caller, site, role);
  demandChanged(await people.members.change(site, person, role));
  if (before.role === role) return;
  const subject = actorOf({ id: person, name: before.name || member().name });
  const changes = [fieldChange('role', before.role, role)];
  await audit.record(caller.who, { action: role === undefined ? 'member.removed' : 'member.role', site, subject, changes });
}

/** Who owns a site is decided by those who own it without a team. Throws a WebError. */
function demandMayGive(caller: Caller, site: string, role: SiteRole | undefined): void {
  if (role === 'owner') demandDirectOwner(caller, site);
}

function demandChanged(outcome: MemberChange): void {
  if (outcome === 'unknown') throw new WebError('unknown-member');
  if (outcome === 'last-owner') throw new WebError('last-owner');
}
