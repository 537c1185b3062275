// The page behind the link that confirms another e-mail address.
import { type Html, html } from './html.js';
import { page } from './layout.js';

export interface ConfirmEmailParts {
  readonly base: string;
  readonly nav: Html;
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

export function confirmEmailPage({ base, nav, path, from, to }: ConfirmEmailParts): Html {
  return page({
    base,
    title: 'New e-mail address – Hitherto',
    header: nav,
    main: html`<main class="narrow">
<h1>Use your new address?</h1>
<form class="card form" method="post" action="${base}${path}">
  <p>From now on, you sign in as <strong><bdi>${to}</bdi></strong> instead of <bdi>${from}</bdi>.</p>
  <button class="main-button">Use this address</button>
</form>
</main>`,
  });
}

export function emailLinkOverPage(base: string, nav: Html): Html {
  return page({
    base,
    title: 'Hitherto',
    header: nav,
    main: html`<main class="narrow"><h1>This link does not work</h1>
<p>It was used already, a newer one replaced it, it is too old, or it is for another account than the one that you are signed in
with.</p>
<p>To get another one, enter the address again on the page <a href="${base}/account">Account</a>.</p></main>`,
  });
}
