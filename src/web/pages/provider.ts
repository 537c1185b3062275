// The pages of the sign-in through the provider: the password that links an account, and the part of the page Account.
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
    title: 'Link your account – Hitherto',
    main: html`<main class="narrow">
<h1>Link your account</h1>
<form class="card form" method="post" action="${base}/sign-in/oidc/link">
  <p>You have signed in at <bdi>${host}</bdi>${user !== undefined && html` as <strong><bdi>${user}</bdi></strong>`}. There is
  an account here for <strong><bdi>${person.email}</bdi></strong>. Enter its password once, to show that it is yours. From then
  on, this user of <bdi>${host}</bdi> can sign in to the account. If you do not know the user, close this page.</p>
  ${person.identity !== undefined && html`<p>Another user there, who is linked to the account now, cannot sign in any more.</p>`}
  ${usernameField(person.email)}
  ${currentPasswordField('linkPassword', problems)}
  <button class="main-button">Link and sign in</button>
</form>
<p><a href="${base}/passwords">Forgot your password?</a> With a new one, sign in through <bdi>${host}</bdi> again.</p>
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
  <h2>Sign-in through ${name}</h2>
  <p>It is not linked to your account. When it is, you can also sign in there.</p>
  <p><a class="main-button" href="${base}/account/oidc">Link</a></p>
</section>`;
  }
  return html`<section class="card">
  <h2>Sign-in through ${name}</h2>
  <p>It is linked to your account.</p>
  ${
    hasPassword(person)
      ? html`<details${isOpen(problems, 'unlinkPassword')}><summary>Unlink it …</summary>
  <form class="form" method="post" action="${base}/account/oidc/unlink">
  <p>From then on, you sign in with your password only. All your other sessions end.</p>
  ${usernameField(email)}
  ${currentPasswordField('unlinkPassword', problems)}
  <button class="danger">Unlink</button>
  </form></details>`
      : html`<p class="hint">To unlink it, choose a password first.</p>`
  }
</section>`;
}

/** Of a provider that was configured earlier. */
function hostOf(issuer: string | undefined): string {
  return issuer !== undefined && URL.canParse(issuer) ? new URL(issuer).host : 'another provider';
}
