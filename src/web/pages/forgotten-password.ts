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
    title: 'Password forgotten – Hitherto',
    main: html`<main class="narrow">
<h1>Forgot your password?</h1>
${
  sendsMail
    ? html`<form class="card form" method="post" action="${base}/passwords">
  <p>Enter the address with which you sign in. You get a mail with a link to choose a new password.</p>
  ${emailField(email, problems)}
  <button class="main-button">Send link</button>
</form>
<p>No mail, or no access to that address any more? ${ASK}</p>`
    : html`<p class="card">${ASK}</p>`
}
<p><a href="${base}/">Back to signing in</a></p>
</main>`,
  });
}

const ASK = html`Ask the person who runs this service for a link to choose a new password. They create it on the page
<em>People</em>, or with <code>hitherto person reset</code>.`;

/** Says the same whether there is an account or not. */
export function linkRequestedPage(base: string, email: string): Html {
  return page({
    base,
    title: 'Check your e-mail – Hitherto',
    main: html`<main class="narrow">
<h1>Check your e-mail</h1>
<p>If there is an account with the address <strong><bdi>${email}</bdi></strong>, a mail with a link is on its way.</p>
<p>It should arrive within a few minutes. If it does not, check your spam folder and the address.</p>
<p><a href="${base}/">Back to signing in</a></p>
</main>`,
  });
}
