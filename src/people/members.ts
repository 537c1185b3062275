// The members of a site: the people who have a role on it, and the invitations to it.
import type { AccountVersions } from '../store/accounts.js';
import { INVITATIONS_MAX, INVITATIONS_OF_PERSON_MAX, INVITATIONS_OF_SITE_MAX, TooMany } from '../store/too-many.js';
import type { Directory } from './directory.js';
import type { Invitation, Invitations } from './invitations.js';
import type { Person, SiteRole } from './person.js';

export interface Member {
  readonly person: Person;
  readonly role: SiteRole;
}

/** `unknown`: the person is no member. `last-owner`: nothing was changed, since the site would have no owner. */
export type MemberChange = 'changed' | 'unknown' | 'last-owner';

export interface NewMember {
  /** In its normal form; see `checkPerson`. */
  readonly email: string;
  readonly role: SiteRole;
  /** The name of the person who sends the invitation. */
  readonly invitedBy: string;
  readonly inviterId?: string | undefined;
}

export interface Members {
  /** Sorted by name. Operators are members only if they have a role. */
  of(site: string): Member[];
  /** The invitations to this site that are still valid, by address. */
  invited(site: string): Invitation[];
  /** The ids of the sites that no other person owns. */
  onlyOwnedBy(person: Person): string[];
  /** Creates an invitation. Returns the secret of its link. Rejects with a TooMany. May reject with an AccountsUnavailable. */
  invite(site: string, member: NewMember): Promise<{ readonly secret: string; readonly untilMs: number }>;
  /** Without a role, the person is removed from the site. May reject with an AccountsUnavailable. */
  change(site: string, personId: string, role: SiteRole | undefined): Promise<MemberChange>;
}

/** The store need not be asked for any other text. */
const PERSON_ID = /^[A-Za-z0-9_-]{1,32}$/;

export function createMembers(
  directory: Directory,
  invitations: Invitations,
  { refresh }: Pick<AccountVersions, 'refresh'>,
): Members {
  const roleOf = (id: string, site: string): SiteRole | undefined => {
    const person = PERSON_ID.test(id) ? directory.person(id) : undefined;
    return person && roleOn(person, site);
  };
  const hasOwner = (site: string, isCounted: (person: Person) => boolean): boolean =>
    directory.all().some((person) => roleOn(person, site) === 'owner' && isCounted(person));

  return {
    of: (site) =>
      directory.all().flatMap((person) => {
        const role = roleOn(person, site);
        return role === undefined ? [] : [{ person, role }];
      }),
    invited: (site) => invitations.pending().filter(({ sites }) => Object.hasOwn(sites, site)),
    onlyOwnedBy: ({ id, sites }) =>
      Object.keys(sites).filter((site) => sites[site] === 'owner' && !hasOwner(site, (owner) => owner.id !== id)),
    async invite(site, { email, role, invitedBy, inviterId }) {
      demandRoom(directory, invitations.pending(), site, inviterId);
      const secret = await invitations.create({
        email,
        sites: { [site]: role },
        isOperator: false,
        sitesMax: 0,
        invitedBy,
        inviterId,
      });
      // if somebody has withdrawn it already, it is over
      return { secret, untilMs: invitations.find(secret)?.untilMs ?? 0 };
    },
    async change(site, personId, role) {
      if (roleOf(personId, site) === undefined) await refresh(); // the person may be new
      const before = roleOf(personId, site);
      if (before === undefined) return 'unknown';
      const isLoss = before === 'owner' && role !== 'owner';
      if (isLoss && !hasOwner(site, ({ id }) => id !== personId)) return 'last-owner';
      const isKnown = await directory.change(personId, (person) =>
        roleOn(person, site) === undefined ? person : withRole(person, site, role),
      );
      if (isKnown === 'unknown') return 'unknown';
      if (!isLoss) return 'changed';
      // Two owners may have removed each other at the same time, also in two processes.
      await refresh();
      if (hasOwner(site, () => true)) return 'changed';
      await directory.change(personId, (person) => withRole(person, site, 'owner'));
      return 'last-owner';
    },
  };
}

/** Operators may send as many invitations as they like, except to one site. */
function demandRoom(directory: Directory, pending: readonly Invitation[], site: string, inviterId: string | undefined): void {
  const ofSite = pending.filter(({ sites }) => Object.hasOwn(sites, site));
  if (ofSite.length >= INVITATIONS_OF_SITE_MAX)
    throw new TooMany({
      en: `${site} has ${INVITATIONS_OF_SITE_MAX} open invitations, which is the most. Withdraw some, or wait.`,
      de:
        `${site} hat ${INVITATIONS_OF_SITE_MAX} offene Einladungen, mehr sind nicht möglich. Ziehen Sie einige zurück, oder ` +
        'warten Sie.',
    });
  demandRoomFor(inviterId, directory, pending);
}

/** For invitations to sites and to teams. Throws a TooMany. */
export function demandRoomFor(
  inviterId: string | undefined,
  directory: Pick<Directory, 'person'>,
  pending: readonly Invitation[],
): void {
  const isOperator = (id: string | undefined): boolean => id !== undefined && directory.person(id)?.isOperator === true;
  const isLimited = ({ sites, teams = {}, inviterId }: Invitation): boolean =>
    Object.keys(sites).length + Object.keys(teams).length > 0 && !isOperator(inviterId);
  if (isOperator(inviterId)) return;
  const ofPerson = pending.filter((one) => inviterId !== undefined && one.inviterId === inviterId);
  if (ofPerson.length >= INVITATIONS_OF_PERSON_MAX)
    throw new TooMany({
      en: `You have sent ${INVITATIONS_OF_PERSON_MAX} invitations that are open, which is the most. Withdraw some.`,
      de: `${INVITATIONS_OF_PERSON_MAX} Ihrer Einladungen sind noch offen, mehr sind nicht möglich. Ziehen Sie einige zurück.`,
    });
  if (pending.filter(isLimited).length >= INVITATIONS_MAX)
    throw new TooMany({
      en: 'This service has too many open invitations. Ask an operator to send yours, or to withdraw some.',
      de: 'Dieser Dienst hat zu viele offene Einladungen. Bitten Sie einen Betreiber, Ihre zu senden oder andere zurückzuziehen.',
    });
}

function roleOn({ sites }: Person, site: string): SiteRole | undefined {
  return Object.hasOwn(sites, site) ? sites[site] : undefined;
}

function withRole(person: Person, site: string, role: SiteRole | undefined): Person {
  const others = Object.entries(person.sites).filter(([id]) => id !== site);
  return { ...person, sites: Object.fromEntries(role === undefined ? others : [...others, [site, role]]) };
}
