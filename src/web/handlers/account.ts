// What people change about themselves.
import { checkPerson, type FieldProblem } from '../../people/person.js';
import type { SignedIn } from '../../people/sessions.js';
import { basePathOf } from '../base-path.js';
import { type Caller, setCookie } from '../callers.js';
import { TooOften } from '../errors.js';
import { accountPage } from '../pages/account.js';
import { navigation } from '../pages/navigation.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { browserOf, form, goTo, show, textField } from './form.js';

const DONE: Readonly<Record<string, string>> = {
  name: 'Your name was saved.',
  password: 'Your password was changed, and all other sessions ended.',
  sessions: 'The sessions ended.',
};

export function addAccount(addRoute: AddRoute, { people, limits, publicUrl }: AppParts): void {
  const { directory, sessions, passwordChanges } = people;
  const base = () => basePathOf(publicUrl());
  const view = (caller: Caller, { person, session }: SignedIn, problems: readonly FieldProblem[] = [], done?: string) =>
    accountPage({ base: base(), nav: navigation(base(), caller), person, current: session, problems, done });

  addRoute('GET /account', (req, res, { caller, signedIn }) => {
    show(res, view(caller, signedIn, [], DONE[String(req.query.done)]));
  });

  addRoute(
    'POST /account/name',
    async (req, res, { caller, signedIn }) => {
      const checked = checkPerson({ name: textField(req, 'name') });
      if ('problems' in checked) return show(res, view(caller, signedIn, checked.problems), 400);
      await directory.change(signedIn.person.id, (person) => ({ ...person, name: checked.checked.name }));
      goTo(res, `${base()}/account?done=name`);
    },
    form,
  );

  addRoute(
    'POST /account/password',
    async (req, res, { caller, signedIn }) => {
      const { person } = signedIn;
      const password = textField(req, 'password');
      const checked = checkPerson({ email: person.email, password });
      if ('problems' in checked) return show(res, view(caller, signedIn, checked.problems), 400);
      // somebody at an unlocked computer may be guessing
      const taken = await limits.take('password', person.email);
      if (!taken.allowed) throw new TooOften(taken.retryAfterSeconds);
      if ((await passwordChanges.change(person, textField(req, 'current'), password)) === 'wrong') {
        const problem = { field: 'current', message: 'This is not your current password.' };
        return show(res, view(caller, signedIn, [problem]), 400);
      }
      setCookie(res, await sessions.begin(person.id, browserOf(req)), publicUrl());
      goTo(res, `${base()}/account?done=password`);
    },
    form,
  );

  addRoute(
    'POST /account/sessions',
    async (req, res, { signedIn: { person, session } }) => {
      const chosen = textField(req, 'session');
      const isEnded = chosen === 'others' ? (hash: string) => hash !== session.hash : (hash: string) => hash === chosen;
      await sessions.end(person.id, ({ hash }) => isEnded(hash));
      goTo(res, `${base()}/account?done=sessions`);
    },
    form,
  );
}
