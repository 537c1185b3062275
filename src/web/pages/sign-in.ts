import { type Html, html } from './html.js';
import { page } from './layout.js';

export function signInPage(problem?: string): Html {
  return page({
    title: 'Sign in – Hitherto',
    main: html`<main class="narrow">
<h1>Sign in</h1>
<form class="card form" method="post" action="/sign-in">
  <div class="field">
    <label for="token">Token</label>
    <input id="token" name="token" type="password" autocomplete="current-password" required spellcheck="false"
      placeholder="hit_…" ${problem !== undefined && html`aria-invalid="true" aria-describedby="token-problem"`}>
    ${problem !== undefined && html`<p class="problem" id="token-problem">${problem}</p>`}
    <p class="hint">You were shown it once when it was made. Another can be made with <code>hitherto token add</code>.</p>
  </div>
  <button class="main-button">Sign in</button>
</form>
</main>`,
  });
}
