import { type Html, html } from './html.js';
import { page } from './layout.js';

export function signInPage(base: string, problem?: string): Html {
  return page({
    base,
    title: 'Sign in – Hitherto',
    main: html`<main class="narrow">
<h1>Sign in</h1>
<form class="card form" method="post" action="${base}/sign-in">
  <div class="field">
    <label for="token">Token</label>
    <input id="token" name="token" type="password" autocomplete="current-password" required spellcheck="false"
      placeholder="hit_…" ${problem !== undefined && html`aria-invalid="true" aria-describedby="token-problem"`}>
    ${problem !== undefined && html`<p class="problem" id="token-problem">${problem}</p>`}
    <p class="hint">It was shown once, when it was created. Create another with <code>hitherto token add</code>.</p>
  </div>
  <button class="main-button">Sign in</button>
</form>
</main>`,
  });
}

/** Shown instead of the sign-in page until a token exists. */
export function notSetUpPage(base: string): Html {
  return page({
    base,
    title: 'Not set up yet – Hitherto',
    main: html`<main class="narrow">
<h1>Not set up yet</h1>
<p>This service has no site yet. To create one, open the one-time link that the service printed when it started: look in its log
for <code>/setup/</code>.</p>
<p>Or use the command line: <code>hitherto site add my-site --title "My site" --timezone Europe/Berlin</code>, then
<code>hitherto token add --site my-site</code>.</p>
</main>`,
  });
}
