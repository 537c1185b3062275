// The members of a site, and invitations to it.
import type { z } from 'zod';
import type { Member, NewMember } from '../../people/members.js';
import { checkPerson, type SiteRole } from '../../people/person.js';
import { WebError } from '../errors.js';
import { mailInvitation } from '../mails.js';
import { changeMember, inviteMember } from '../members.js';
import type { AppParts } from '../parts.js';
import { type invitationAnswer, type memberAnswer, notStored } from './answers.js';
import { invitationBody, jsonBody, readBody, roleBody } from './bodies.js';
import type { AddCall } from './calls.js';

export function addMembers(addCall: AddCall, parts: AppParts): void {
  const { people } = parts;
  const { members } = people;

  addCall('GET /api/v1/sites/:site/members', (_req, res, { site: { id } }) => {
    notStored(res).json({
      members: members.of(id).map(publicMember),
      invitations: members.invited(id).map(({ sites, untilMs, ...invited }) => {
        const role = sites[id] as SiteRole;
        return publicInvitation({ ...invited, role }, untilMs);
      }),
      teams: people.teams.ofSite(id).map((team) => ({
        id: team.id,
        name: team.name,
        members: people.teamMembers.of(team).map(publicMember),
      })),
    });
  });

  addCall(
    'POST /api/v1/sites/:site/members',
    async (req, res, { caller, site }) => {
      const { email, role, mail } = readBody(req, invitationBody, 'an invitation');
      const checked = checkPerson({ email });
      if ('problems' in checked) throw new WebError('bad-request', checked.problems[0]?.message, 'email');
      const invited = { ...checked.checked, role };
      const { secret, invitedBy, untilMs } = await inviteMember(parts, caller, site, invited);
      const { link, mailed } = await mailInvitation(parts, caller, secret, { language: 'en', isWanted: mail });
      notStored(res)
        .status(201)
        .json({ ...publicInvitation({ ...invited, invitedBy }, untilMs), link, mailed: mailed === 'sent' });
    },
    jsonBody,
  );

  addCall(
    'PATCH /api/v1/sites/:site/members/:person',
    async (req, res, { caller, site: { id } }) => {
      const person = String(req.params.person);
      const { role } = readBody(req, roleBody, 'a member');
      await changeMember(parts, caller, id, { person, role });
      const changed = members.of(id).find((member) => member.person.id === person);
      if (changed === undefined) throw new WebError('unknown-member');
      notStored(res).json(publicMember(changed));
    },
    jsonBody,
  );

  addCall('DELETE /api/v1/sites/:site/members/:person', async (req, res, { caller, site: { id } }) => {
    await changeMember(parts, caller, id, { person: String(req.params.person), role: undefined });
    notStored(res).status(204).end();
  });
}

function publicMember({ person: { id, name, email }, role }: Member): z.input<typeof memberAnswer> {
  return { id, name, email, role };
}

function publicInvitation({ email, role, invitedBy }: NewMember, untilMs: number): z.input<typeof invitationAnswer> {
  return { email, role, invitedBy, expiresAt: new Date(untilMs).toISOString() };
}
