// The pages of two-step sign-in: setting it up, its recovery codes, and the code at the sign-in.
import { inFours } from '../../people/one-time-codes.js';
import type { FieldProblem, Person } from '../../people/person.js';
import { copyable, field } from './form.js';
import { type Html, html } from './html.js';
import { page } from './layout.js';
import { confirmationField, usernameField } from './person-fields.js';
import { qrCode } from './qr-code.js';

const CODE_INPUT = html`required inputmode="numeric" autocomplete="one-time-code" maxlength="20" spellcheck="false"`;

export interface TwoStepSetup {
  readonly base: string;
  readonly nav: Html;
  readonly person: Person;
  /** In base32. */
  readonly secret: string;
  /** The address by which apps take over the secret. */
  readonly uri: string;
  readonly problems?: readonly FieldProblem[];
}

export function twoStepPage({ base, nav, person, secret, uri, problems = [] }: TwoStepSetup): Html {
  const isOn = person.twoStep !== undefined; // with another secret
  return page({
    base,
    title: 'Two-step sign-in – Hitherto',
    header: nav,
    main: html`<main class="narrow">
<h1>Set up two-step sign-in</h1>
<p>You need an app that shows one-time codes: an authenticator on your phone, or a password manager.
${isOn && 'The codes and recovery codes that you have now work until you finish the set-up here.'}</p>
<section class="card">
  <h2>1. Add this service to your app</h2>
  <p>Scan the code with the app:</p>
  ${qrCode(uri, 'QR code for the app')}
  <p>Or <a href="${uri}">open it in the app on this device</a>, or type this key:</p>
  <p><code class="key-text">${inFours(secret)}</code></p>
</section>
<form class="card form" method="post" action="${base}/account/two-step">
  <h2>2. Enter a code</h2>
  <input type="hidden" name="secret" value="${secret}">
  ${usernameField(person.email)}
  ${field({ name: 'code', label: 'Code that the app shows', hint: 'Six digits.', attributes: CODE_INPUT }, problems)}
  ${confirmationField('current', person, problems)}
  <p class="hint">All your other sessions end.</p>
  <button class="main-button">Switch on</button>
  <a href="${base}/account">Cancel</a>
</form>
</main>`,
  });
}

export function recoveryCodesPage(base: string, nav: Html, codes: readonly string[]): Html {
  return page({
    base,
    title: 'Recovery codes – Hitherto',
    header: nav,
    main: html`<main class="narrow">
<h1>Two-step sign-in is on</h1>
<section class="card notice" role="status">
  <h2>Your recovery codes</h2>
  <p>If you lose your phone, each of these codes lets you sign in once, together with your password. They are shown only now.
  Print them, or keep them in a safe place.</p>
  ${copyable(codes.join('\n'), 'Recovery codes', codes.length)}
</section>
<p><a class="main-button" href="${base}/account">I have kept them</a></p>
</main>`,
  });
}

/** The second page of the sign-in. */
export function codePage(base: string, problems: readonly FieldProblem[] = []): Html {
  return page({
    base,
    title: 'Enter your code – Hitherto',
    main: html`<main class="narrow">
<h1>Enter your code</h1>
<form class="card form" method="post" action="${base}/sign-in/code">
  ${field(
    {
      name: 'code',
      label: 'Code that your app shows',
      hint: 'Six digits.',
      attributes: html`${CODE_INPUT} autofocus`,
    },
    problems,
  )}
  <button class="main-button">Sign in</button>
  <a href="${base}/">Cancel</a>
</form>
<details class="card"${problems.some((one) => one.field === 'recovery') && html` open`}><summary>No access to the app?</summary>
<form class="form" method="post" action="${base}/sign-in/code">
  ${field(
    {
      name: 'recovery',
      label: 'Recovery code',
      hint: 'You received ten of them when you set up two-step sign-in. Each works once.',
      attributes: html`required maxlength="40" autocomplete="off" autocapitalize="characters" spellcheck="false"`,
    },
    problems,
  )}
  <button class="main-button">Sign in with the recovery code</button>
</form>
<p>Without recovery codes, ask the person who runs this service to switch off two-step sign-in for you.</p>
</details>
</main>`,
  });
}
