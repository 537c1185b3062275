// What operators do about other people's accounts.

import type { Request, Response } from 'express';
import type { Text } from '../../language/languages.js';
import { passkeysRemovedMail, twoStepOffMail } from '../../mail/mails.js';
import { fieldChange, passkeysChange, providerChange, removalChanges, twoStepChange } from '../../operations/audit/changes.js';
import type { Grant } from '../../people/invitations.js';
import type { OperatorChange } from '../../people/operators.js';
import { passkeysOf } from '../../people/passkeys.js';
import { checkPerson, type FieldProblem, isHitsMax, isSitesMax, type Person } from '../../people/person.js';
import type { AuditedChange } from '../../store/audit-log.js';
import { basePathOf } from '../base-path.js';
import { actorOf, type Caller } from '../callers.js';
import { WebError } from '../errors.js';
import { mailLanguage } from '../language.js';
import { usedBy } from '../limits.js';
import { mailInvitation } from '../mails.js';
import { navigation } from '../pages/navigation.js';
import { invitationLink, type PeopleParts, peoplePage, WORKS_ONCE } from '../pages/people.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { fieldProblem, form, show, textField } from './form.js';
import { changeLimits, HITS_PROBLEM, hitsMaxOf, SITES_PROBLEM } from './limits.js';
import { listedPeople } from './people-list.js';

export function addPeople(addRoute: AddRoute, parts: AppParts): void {
  const { people, audit, publicUrl } = parts;
  const { directory, invitations } = people;
  const base = () => basePathOf(publicUrl());
  const view = async (req: Request, caller: Caller, more: Partial<PeopleParts> = {}) => {
    const { people, ...list } = listedPeople(req, directory.all());
    return peoplePage({
      base: base(),
      nav: navigation(base(), caller),
      people: await Promise.all(people.map((person) => usedBy(parts, person))),
      list,
      invitations: invitations.pending(),
      sendsMail: parts.mailer !== undefined,
      ...more,
    });
  };

  addRoute('GET /people', async (req, res, { caller }) => show(res, await view(req, caller)));

  addRoute(
    'POST /people/invite',
    async (req, res, { caller, signedIn: { person } }) => {
      const typed = invitationTyped(req);
      const checked = checkPerson({ email: typed.email });
      const problems = [...('problems' in checked ? checked.problems : []), ...problemsOfLimits(typed)];
      if (problems.length > 0 || 'problems' in checked) return show(res, await view(req, caller, { typed, problems }), 400);
      const { email } = checked.checked;
      const { isOperator, sitesMax } = typed;
      const hitsMax = hitsMaxOf(typed.hitsMax);
      const secret = await invitations.create({
        email,
        isOperator,
        sitesMax: Number(sitesMax),
        hitsMax,
        sites: {},
        invitedBy: person.name,
        inviterId: person.id,
      });
      await audit.record(caller.who, invitationChange('person.invited', email, { isOperator, hitsMax }));
      const { link, mailed } = await mailInvitation(parts, caller, secret, { language: mailLanguage(res) });
      show(res, await view(req, caller, { link: invitationLink(email, link, mailed) }));
    },
    form,
  );

  const acts = createActs(parts);

  addRoute(
    'POST /people/change',
    async (req, res, { caller }) => {
      const act = textField(req, 'act');
      if (act === 'withdraw') {
        const id = textField(req, 'invitation');
        const invitation = invitations.pending().find((one) => one.id === id);
        await invitations.withdraw(id);
        await audit.record(caller.who, invitation && invitationChange('invitation.withdrawn', invitation.email));
        return show(
          res,
          await view(req, caller, { done: { en: 'The invitation was withdrawn.', de: 'Die Einladung wurde zurückgezogen.' } }),
        );
      }
      const person = directory.person(textField(req, 'person'));
      if (person !== undefined && act === 'limits') {
        await changeLimits(req, parts, caller, person);
        return show(
          res,
          await view(req, caller, {
            done: { en: `The limits of ${person.name} were saved.`, de: `Die Grenzen von ${person.name} wurden gespeichert.` },
          }),
        );
      }
      if (person !== undefined && act === 'remove') {
        return show(res, await view(req, caller, { done: await removeAccount(parts, caller, person) }));
      }
      if (person === undefined || !Object.hasOwn(acts, act))
        throw new WebError('bad-request', { en: 'There is no such account any more.', de: 'Dieses Konto gibt es nicht mehr.' });
      const more = await acts[act]?.(person, res);
      await audit.record(caller.who, changeOf(act, person));
      show(res, await view(req, caller, more));
    },
    form,
  );
}

function invitationTyped(req: Request) {
  return {
    email: textField(req, 'email'),
    sitesMax: textField(req, 'sitesMax').trim(),
    hitsMax: textField(req, 'hitsMax').trim(),
    isOperator: textField(req, 'isOperator') === '1',
  };
}

function problemsOfLimits({ sitesMax, hitsMax }: { readonly sitesMax: string; readonly hitsMax: string }): FieldProblem[] {
  return [
    ...(isSitesMax(sitesMax) ? [] : [fieldProblem('sitesMax', SITES_PROBLEM)]),
    ...(hitsMax === '' || isHitsMax(hitsMax) ? [] : [fieldProblem('hitsMax', HITS_PROBLEM)]),
  ];
}

/** What the buttons beside a person do, by their names. */
function createActs({
  people,
  mailer,
  publicUrl,
}: AppParts): Readonly<Record<string, (person: Person, res: Response) => Promise<Partial<PeopleParts>>>> {
  const { directory, identities, operators, passkeys, passwordChanges, twoSteps } = people;
  return {
    async reset({ id, email }) {
      const secret = await passwordChanges.createLink(id);
      return { link: { for: email, url: `${publicUrl()}/passwords/${secret}`, text: WORKS_ONCE } };
    },
    async twoStepOff(person, res) {
      const { id, name } = person;
      await twoSteps.switchOff(id);
      if (person.twoStep !== undefined) void mailer?.send(twoStepOffMail(person, publicUrl())[mailLanguage(res, person)]);
      return {
        done: {
          en: `Two-step sign-in is off for ${name}. The password is enough now.`,
          de: `Die Anmeldung in zwei Schritten ist für ${name} ausgeschaltet. Das Passwort genügt jetzt.`,
        },
      };
    },
    async unlink({ id, name }) {
      await identities.unlink(id);
      return {
        done: {
          en: `The sign-in provider is not linked to the account of ${name} any more, and all its sessions ended.`,
          de: `Der Anbieter ist nicht mehr mit dem Konto von ${name} verknüpft, und alle Sitzungen des Kontos sind beendet.`,
        },
      };
    },
    async passkeysOff(person, res) {
      const { id, name } = person;
      await passkeys.removeAll(id);
      if (passkeysOf(person).length > 0) void mailer?.send(passkeysRemovedMail(person, publicUrl())[mailLanguage(res, person)]);
      return {
        done: {
          en: `The passkeys of ${name} were removed, and all their sessions ended.`,
          de: `Die Passkeys von ${name} wurden entfernt, und alle Sitzungen sind beendet.`,
        },
      };
    },
    async promote({ id, name }) {
      await directory.change(id, (person) => ({ ...person, isOperator: true }));
      return { done: { en: `${name} is an operator now.`, de: `${name} ist jetzt Betreiber.` } };
    },
    async demote({ id, name }) {
      demandOperatorLeft(await operators.demote(id));
      return { done: { en: `${name} is not an operator any more.`, de: `${name} ist kein Betreiber mehr.` } };
    },
  };
}

async function removeAccount({ people, audit }: AppParts, { who }: Caller, person: Person): Promise<Text> {
  const { outcome, withdrawn } = await people.removeAccount(person);
  demandOperatorLeft(outcome);
  for (const change of removalChanges(person, withdrawn)) await audit.record(who, change);
  return {
    en: `The account of ${person.name} was deleted. The sites and their tokens remain.`,
    de: `Das Konto von ${person.name} wurde gelöscht. Die Websites und ihre Token bleiben.`,
  };
}

function demandOperatorLeft(outcome: OperatorChange): void {
  if (outcome !== 'last-operator') return;
  throw new WebError('bad-request', {
    en: 'This is the only operator. Make somebody else an operator first.',
    de: 'Das ist der einzige Betreiber. Machen Sie zuerst eine andere Person zum Betreiber.',
  });
}

function invitationChange(
  action: 'person.invited' | 'invitation.withdrawn',
  email: string,
  { isOperator = false, hitsMax }: Partial<Pick<Grant, 'isOperator' | 'hitsMax'>> = {},
): AuditedChange {
  const changes = [
    ...(isOperator ? [fieldChange('isOperator', undefined, true)] : []),
    ...(hitsMax === undefined ? [] : [fieldChange('hitsMax', undefined, hitsMax)]),
  ];
  return { action, subject: { kind: 'address', email }, ...(changes.length > 0 && { changes }) };
}

/** Undefined: nothing has changed. */
function changeOf(act: string, person: Person): AuditedChange | undefined {
  const subject = actorOf(person);
  const { isOperator } = person;
  if (act === 'reset') return { action: 'person.password-link', subject };
  if (act === 'twoStepOff') return twoStepChange(person, false);
  if (act === 'unlink') return providerChange(person, false);
  if (act === 'passkeysOff') return passkeysChange(person, 0);
  if ((act === 'promote') === isOperator) return undefined;
  return { action: 'person.operator', subject, changes: [fieldChange('isOperator', isOperator, !isOperator)] };
}
