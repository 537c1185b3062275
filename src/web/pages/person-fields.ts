// The fields of forms about a person.
import { type FieldProblem, PASSWORD_CHARACTERS_MIN } from '../../people/person.js';
import { field } from './form.js';
import { type Html, html } from './html.js';

export function nameField(value: string, problems: readonly FieldProblem[]): Html {
  const attributes = html`required maxlength="100" autocomplete="name"`;
  return field(
    { name: 'name', label: 'Your name', value, hint: 'Shown to people who share a site with you.', attributes },
    problems,
  );
}

export function emailField(value: string, problems: readonly FieldProblem[], label = 'E-mail address'): Html {
  const attributes = html`required maxlength="254" autocomplete="username"`;
  return field({ name: 'email', label, type: 'email', value, attributes }, problems);
}

/** Several forms of a page may have one, so each has its own name. */
export function currentPasswordField(name: string, problems: readonly FieldProblem[]): Html {
  const attributes = html`required autocomplete="current-password"`;
  return field({ name, label: 'Current password', type: 'password', attributes }, problems);
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
      label: 'New password',
      type: 'password',
      hint: `At least ${PASSWORD_CHARACTERS_MIN} characters. Several words are easy to remember.`,
      attributes: html`required minlength="${PASSWORD_CHARACTERS_MIN}" autocomplete="new-password"`,
    },
    problems,
  );
}
