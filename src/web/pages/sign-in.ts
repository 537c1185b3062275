import type { RelyingParty } from '../../people/relying-party.js';
import { field } from './form.js';
import { type Html, html, type Insertable } from './html.js';
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
  readonly problem?: Insertable;
}

export function signInPage({ base, provider, party }: SignInFrame, { email = '', problem }: SignInParts = {}): Html {
  const password = html`required autocomplete="current-password"`;
  return page({
    base,
    title: { en: 'Sign in – Hitherto', de: 'Anmelden – Hitherto' },
    ...(party !== undefined && { script: 'passkeys' }),
    main: html`<main class="narrow">
<h1>${{ en: 'Sign in', de: 'Anmelden' }}</h1>
${problem !== undefined && problem !== false && html`<p class="problem" role="alert">${problem}</p>`}
${provider !== undefined && providerLink(`${base}/sign-in/oidc`, provider)}
${party !== undefined && passkeyButton(base, party)}
<form class="card form" method="post" action="${base}/sign-in">
  ${emailField(email, [])}
  ${field({ name: 'password', label: { en: 'Password', de: 'Passwort' }, type: 'password', attributes: password })}
  <button class="main-button">${{ en: 'Sign in', de: 'Anmelden' }}</button>
</form>
<p><a href="${base}/passwords">${{ en: 'Forgot your password?', de: 'Passwort vergessen?' }}</a></p>
<details class="card"><summary>${{ en: 'Sign in with a token', de: 'Mit einem Token anmelden' }}</summary>
<form method="post" action="${base}/sign-in">
  ${field({
    name: 'token',
    label: 'Token',
    type: 'password',
    hint: {
      en: 'It was shown once, when it was created. It shows the reports of its sites.',
      de: 'Es wurde einmal angezeigt, als es erstellt wurde. Es zeigt die Berichte seiner Websites.',
    },
    attributes: html`required spellcheck="false" autocomplete="off" placeholder="hit_…"`,
  })}
  <button class="main-button">${{ en: 'Sign in with the token', de: 'Mit dem Token anmelden' }}</button>
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
    title: { en: 'Not set up yet – Hitherto', de: 'Noch nicht eingerichtet – Hitherto' },
    main: html`<main class="narrow">
<h1>${{ en: 'Not set up yet', de: 'Noch nicht eingerichtet' }}</h1>
<p>${{
      en: html`This service has no account yet. To create one, open the one-time link that the service printed when it
started: look in its log for <code>/setup/</code>.`,
      de: html`Dieser Dienst hat noch kein Konto. Um eines zu erstellen, öffnen Sie den einmaligen Link, den der
Dienst beim Start ausgegeben hat: Suchen Sie in seinem Protokoll nach <code>/setup/</code>.`,
    }}</p>
<p>${{ en: 'Or use the command line:', de: 'Oder benutzen Sie die Befehlszeile:' }}
<code>hitherto site add my-site --title "My site" --timezone Europe/Berlin</code>${{
      en: html`, then <code>hitherto token add --site my-site</code>`,
      de: html`, dann <code>hitherto token add --site my-site</code>`,
    }}.</p>
</main>`,
  });
}
