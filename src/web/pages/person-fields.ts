// The fields of forms about a person.
import { type FieldProblem, hasPassword, PASSWORD_CHARACTERS_MIN, type Person } from '../../people/person.js';
import { field, messageOf, spaced } from './form.js';
import { type Html, html, type Insertable } from './html.js';

export function nameField(value: string, problems: readonly FieldProblem[]): Html {
  const attributes = html`required maxlength="100" autocomplete="name"`;
  return field(
    {
      name: 'name',
      label: { en: 'Your name', de: 'Ihr Name' },
      value,
      hint: { en: 'Shown to people who share a site with you.', de: 'Wird allen angezeigt, die eine Website mit Ihnen teilen.' },
      attributes,
    },
    problems,
  );
}

export function emailField(
  value: string,
  problems: readonly FieldProblem[],
  label: Insertable = { en: 'E-mail address', de: 'E-Mail-Adresse' },
): Html {
  const attributes = html`required maxlength="254" autocomplete="username"`;
  return field({ name: 'email', label, type: 'email', value, attributes }, problems);
}

/** Several forms of a page may have one, so each has its own name. */
export function currentPasswordField(name: string, problems: readonly FieldProblem[]): Html {
  const attributes = html`required autocomplete="current-password"`;
  return field({ name, label: { en: 'Current password', de: 'Aktuelles Passwort' }, type: 'password', attributes }, problems);
}

/** What confirms an important change: the password, or for people without one a sign-in a short time ago. */
export function confirmationField(name: string, person: Person, problems: readonly FieldProblem[]): Html {
  if (hasPassword(person)) return currentPasswordField(name, problems);
  const wrong = problems.filter((problem) => problem.field === name).map(messageOf);
  return html`<p class="hint">${{
    en: 'Your account has no password, so this works only shortly after you have signed in.',
    de: 'Ihr Konto hat kein Passwort, darum geht das nur kurz nach dem Anmelden.',
  }}</p>
  ${wrong.length > 0 && html`<p class="problem" id="${name}-problem" role="alert">${spaced(wrong)}</p>`}`;
}

/** Of a part of a page: closed until there is something to correct. */
export function isOpen(problems: readonly FieldProblem[], ...fields: string[]): Html | false {
  return problems.some(({ field }) => fields.includes(field)) && html` open`;
}

/** Tells password managers whose password the form is about. */
export function usernameField(email: string): Html {
  return html`<input class="visually-hidden" type="text" name="username" value="${email}" autocomplete="username" tabindex="-1"
    aria-hidden="true" readonly>`;
}

export function newPasswordField(problems: readonly FieldProblem[]): Html {
  return field(
    {
      name: 'password',
      label: { en: 'New password', de: 'Neues Passwort' },
      type: 'password',
      hint: {
        en: `At least ${PASSWORD_CHARACTERS_MIN} characters. Several words are easy to remember.`,
        de: `Mindestens ${PASSWORD_CHARACTERS_MIN} Zeichen. Mehrere Wörter kann man sich gut merken.`,
      },
      attributes: html`required minlength="${PASSWORD_CHARACTERS_MIN}" autocomplete="new-password"`,
    },
    problems,
  );
}
