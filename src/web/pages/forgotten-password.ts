import type { FieldProblem } from '../../people/person.js';
import { type Html, html } from './html.js';
import { page } from './layout.js';
import { emailField } from './person-fields.js';

export interface ForgottenPasswordParts {
  readonly sendsMail: boolean;
  /** As typed. */
  readonly email: string;
  readonly problems: readonly FieldProblem[];
}

export function forgottenPasswordPage(base: string, { sendsMail, email, problems }: ForgottenPasswordParts): Html {
  return page({
    base,
    title: { en: 'Password forgotten – Hitherto', de: 'Passwort vergessen – Hitherto' },
    main: html`<main class="narrow">
<h1>${{ en: 'Forgot your password?', de: 'Passwort vergessen?' }}</h1>
${
  sendsMail
    ? html`<form class="card form" method="post" action="${base}/passwords">
  <p>${{
    en: 'Enter the address with which you sign in. You get a mail with a link to choose a new password.',
    de:
      'Geben Sie die Adresse ein, mit der Sie sich anmelden. Sie bekommen eine Mail mit einem Link, um ein neues ' +
      'Passwort zu wählen.',
  }}</p>
  ${emailField(email, problems)}
  <button class="main-button">${{ en: 'Send link', de: 'Link senden' }}</button>
</form>
<p>${{
        en: 'No mail, or no access to that address any more?',
        de: 'Keine Mail, oder kein Zugriff mehr auf diese Adresse?',
      }} ${ASK}</p>`
    : html`<p class="card">${ASK}</p>`
}
<p><a href="${base}/">${{ en: 'Back to signing in', de: 'Zurück zum Anmelden' }}</a></p>
</main>`,
  });
}

const ASK = {
  en: html`Ask the person who runs this service for a link to choose a new password. They create it on the page
<em>People</em>, or with <code>hitherto person reset</code>.`,
  de: html`Bitten Sie die Person, die diesen Dienst betreibt, um einen Link für ein neues Passwort. Sie erstellt ihn auf der Seite
<em>Personen</em> oder mit <code>hitherto person reset</code>.`,
};

/** Says the same whether there is an account or not. */
export function linkRequestedPage(base: string, email: string): Html {
  return page({
    base,
    title: { en: 'Check your e-mail – Hitherto', de: 'Prüfen Sie Ihre E-Mails – Hitherto' },
    main: html`<main class="narrow">
<h1>${{ en: 'Check your e-mail', de: 'Prüfen Sie Ihre E-Mails' }}</h1>
<p>${{
      en: html`If there is an account with the address <strong><bdi>${email}</bdi></strong>, a mail with a link is on its
way.`,
      de: html`Wenn es ein Konto mit der Adresse <strong><bdi>${email}</bdi></strong> gibt, ist eine Mail mit einem Link
unterwegs.`,
    }}</p>
<p>${{
      en: 'It should arrive within a few minutes. If it does not, check your spam folder and the address.',
      de: 'Sie sollte in einigen Minuten ankommen. Wenn nicht, prüfen Sie den Spam-Ordner und die Adresse.',
    }}</p>
<p><a href="${base}/">${{ en: 'Back to signing in', de: 'Zurück zum Anmelden' }}</a></p>
</main>`,
  });
}
