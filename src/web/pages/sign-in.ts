import type { RelyingParty } from '../../people/relying-party.js';
import { field } from './form.js';
import { type Html, html } from './html.js';
import { page } from './layout.js';
import { passkeyButton } from './passkeys.js';
import { emailField } from './person-fields.js';

/** What all sign-in pages of a service have in common. */
export interface SignInFrame {
  /** See ../base-path.ts. */
  readonly base: string;
  /** The text of the button of the provider; undefined: none is configured. */
  readonly provider?: string | undefined;
  /** Undefined: passkeys cannot be used at the address of the service. */
  readonly party?: RelyingParty | undefined;
}

export interface SignInParts {
  /** As typed. */
  readonly email?: string;
  readonly problem?: string | undefined;
}

export function signInPage({ base, provider, party }: SignInFrame, { email = '', problem }: SignInParts = {}): Html {
  const password = html`required autocomplete="current-password"`;
  return page({
    base,
    title: 'Sign in – Hitherto',
    ...(party !== undefined && { script: 'passkeys' }),
    main: html`<main class="narrow">
<h1>Sign in</h1>
${problem !== undefined && html`<p class="problem" role="alert">${problem}</p>`}
${provider !== undefined && providerLink(`${base}/sign-in/oidc`, provider)}
${party !== undefined && passkeyButton(base, party)}
<form class="card form" method="post" action="${base}/sign-in">
  ${emailField(email, [])}
  ${field({ name: 'password', label: 'Password', type: 'password', attributes: password })}
  <button class="main-button">Sign in</button>
</form>
<p><a href="${base}/passwords">Forgot your password?</a></p>
<details class="card"><summary>Sign in with a token</summary>
<form method="post" action="${base}/sign-in">
  ${field({
    name: 'token',
    label: 'Token',
    type: 'password',
    hint: html`It was shown once, when it was created. It shows the reports of its sites.`,
    attributes: html`required spellcheck="false" autocomplete="off" placeholder="hit_…"`,
  })}
  <button class="main-button">Sign in with the token</button>
</form>
</details>
</main>`,
  });
}

/** A link and no form, because a form may not lead to another host; see ../security-headers.ts. */
export function providerLink(address: string, label: string): Html {
  return html`<p class="card"><a class="main-button" href="${address}">${label}</a></p>`;
}

/** Shown instead of the sign-in page until there is a person or a token. */
export function notSetUpPage(base: string): Html {
  return page({
    base,
    title: 'Not set up yet – Hitherto',
    main: html`<main class="narrow">
<h1>Not set up yet</h1>
<p>This service has no account yet. To create one, open the one-time link that the service printed when it started: look in its
log for <code>/setup/</code>.</p>
<p>Or use the command line: <code>hitherto site add my-site --title "My site" --timezone Europe/Berlin</code>, then
<code>hitherto token add --site my-site</code>.</p>
</main>`,
  });
}
