// The members of a site, and invitations to it.
import type { z } from 'zod';
import { fieldChange } from '../../operations/audit/changes.js';
import type { Member, NewMember } from '../../people/members.js';
import { checkPerson, type SiteRole } from '../../people/person.js';
import { WebError } from '../errors.js';
import { changeMember } from '../members.js';
import type { AppParts } from '../parts.js';
import { type invitationAnswer, type memberAnswer, notStored } from './answers.js';
import { invitationBody, jsonBody, readBody, roleBody } from './bodies.js';
import type { AddCall } from './calls.js';

export function addMembers(addCall: AddCall, parts: AppParts): void {
  const { people, publicUrl, audit } = parts;
  const { members } = people;

  addCall('GET /api/v1/sites/:site/members', (_req, res, { site: { id } }) => {
    notStored(res).json({
      members: members.of(id).map(publicMember),
      invitations: members.invited(id).map(({ sites, untilMs, ...invited }) => {
        const role = sites[id] as SiteRole;
        return publicInvitation({ ...invited, role }, untilMs);
      }),
    });
  });

  addCall(
    'POST /api/v1/sites/:site/members',
    async (req, res, { caller, site }) => {
      const { email, role } = readBody(req, invitationBody, 'an invitation');
      const checked = checkPerson({ email });
      if ('problems' in checked) throw new WebError('bad-request', checked.problems[0]?.message, 'email');
      const invitedBy = caller.signedIn?.person.name ?? site.title;
      const invited = { email: checked.checked.email, role, invitedBy, inviterId: caller.signedIn?.person.id };
      const { secret, untilMs } = await members.invite(site.id, invited);
      const subject = { kind: 'address', email: invited.email } as const;
      const changes = [fieldChange('role', undefined, role)];
      await audit.record(caller.who, { action: 'member.invited', site: site.id, subject, changes });
      notStored(res)
        .status(201)
        .json({ ...publicInvitation(invited, untilMs), link: `${publicUrl()}/invitations/${secret}` });
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
