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
