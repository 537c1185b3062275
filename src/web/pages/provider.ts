// The pages of the sign-in through the provider: the password that links an account, and the part of the page Account.
import type { Text } from '../../language/languages.js';
import { type FieldProblem, hasPassword, type Person } from '../../people/person.js';
import { type Html, html } from './html.js';
import { page } from './layout.js';
import { currentPasswordField, isOpen, usernameField } from './person-fields.js';

export interface LinkParts {
  readonly base: string;
  /** Of the provider. */
  readonly host: string;
  readonly person: Person;
  readonly problems?: readonly FieldProblem[];
}

/** Asks for the password of the account, before an identity is linked to it. */
export function linkIdentityPage({ base, host, person, problems = [] }: LinkParts): Html {
  const user = person.proposedIdentity?.shownAs;
  return page({
    base,
    title: { en: 'Link your account – Hitherto', de: 'Konto verknüpfen – Hitherto' },
    main: html`<main class="narrow">
<h1>${{ en: 'Link your account', de: 'Verknüpfen Sie Ihr Konto' }}</h1>
<form class="card form" method="post" action="${base}/sign-in/oidc/link">
  <p>${{
    en: html`You have signed in at
<bdi>${host}</bdi>${user !== undefined && html` as <strong><bdi>${user}</bdi></strong>`}. There is an
account here for <strong><bdi>${person.email}</bdi></strong>. Enter its password once, to show that it is
yours. From then on, this user of <bdi>${host}</bdi> can sign in to the account. If you do not know the
user, close this page.`,
    de: html`Sie haben sich bei <bdi>${host}</bdi>${user !== undefined && html` als <strong><bdi>${user}</bdi></strong>`}
angemeldet. Hier gibt es ein Konto für <strong><bdi>${person.email}</bdi></strong>. Geben Sie einmal dessen
Passwort ein, um zu zeigen, dass es Ihres ist. Danach kann dieser Benutzer von <bdi>${host}</bdi> sich mit
dem Konto anmelden. Wenn Sie den Benutzer nicht kennen, schließen Sie diese Seite.`,
  }}</p>
  ${
    person.identity !== undefined &&
    html`<p>${{
      en: 'Another user there, who is linked to the account now, cannot sign in any more.',
      de: 'Ein anderer Benutzer dort, mit dem das Konto jetzt verknüpft ist, kann sich nicht mehr anmelden.',
    }}</p>`
  }
  ${usernameField(person.email)}
  ${currentPasswordField('linkPassword', problems)}
  <button class="main-button">${{ en: 'Link and sign in', de: 'Verknüpfen und anmelden' }}</button>
</form>
<p><a href="${base}/passwords">${{
      en: html`Forgot your password?</a> With a new one, sign in through <bdi>${host}</bdi> again.`,
      de: html`Passwort vergessen?</a> Mit einem neuen melden Sie sich noch einmal über <bdi>${host}</bdi> an.`,
    }}</p>
</main>`,
  });
}

export interface ProviderCardParts {
  readonly base: string;
  readonly person: Person;
  /** Of the provider; undefined: none is configured. */
  readonly host: string | undefined;
  readonly problems?: readonly FieldProblem[];
}

export function providerCard({ base, person, host, problems = [] }: ProviderCardParts): Html | false {
  const { identity, email } = person;
  if (identity === undefined && host === undefined) return false;
  const name = html`<bdi>${host ?? hostOf(identity?.issuer)}</bdi>`;
  if (identity === undefined) {
    return html`<section class="card">
  <h2>${{ en: html`Sign-in through ${name}`, de: html`Anmeldung über ${name}` }}</h2>
  <p>${{
    en: 'It is not linked to your account. When it is, you can also sign in there.',
    de: 'Sie ist nicht mit Ihrem Konto verknüpft. Mit der Verknüpfung können Sie sich auch dort anmelden.',
  }}</p>
  <p><a class="main-button" href="${base}/account/oidc">${{ en: 'Link', de: 'Verknüpfen' }}</a></p>
</section>`;
  }
  return html`<section class="card">
  <h2>${{ en: html`Sign-in through ${name}`, de: html`Anmeldung über ${name}` }}</h2>
  <p>${{ en: 'It is linked to your account.', de: 'Sie ist mit Ihrem Konto verknüpft.' }}</p>
  ${
    hasPassword(person)
      ? html`<details${isOpen(problems, 'unlinkPassword')}><summary>${{ en: 'Unlink it …', de: 'Trennen …' }}</summary>
  <form class="form" method="post" action="${base}/account/oidc/unlink">
  <p>${{
    en: 'From then on, you sign in with your password only. All your other sessions end.',
    de: 'Danach melden Sie sich nur noch mit Ihrem Passwort an. Alle Ihre anderen Sitzungen enden.',
  }}</p>
  ${usernameField(email)}
  ${currentPasswordField('unlinkPassword', problems)}
  <button class="danger">${{ en: 'Unlink', de: 'Trennen' }}</button>
  </form></details>`
      : html`<p class="hint">${{
          en: html`To unlink it, choose a password first.`,
          de: html`Um sie zu trennen, wählen Sie zuerst ein Passwort.`,
        }}</p>`
  }
</section>`;
}

/** Of a provider that was configured earlier. */
function hostOf(issuer: string | undefined): string | Text {
  return issuer !== undefined && URL.canParse(issuer)
    ? new URL(issuer).host
    : { en: 'another provider', de: 'einen anderen Anbieter' };
}
