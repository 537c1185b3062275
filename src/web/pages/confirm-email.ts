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
    title: { en: 'New e-mail address – Hitherto', de: 'Neue E-Mail-Adresse – Hitherto' },
    header: nav,
    main: html`<main class="narrow">
<h1>${{ en: 'Use your new address?', de: 'Neue Adresse verwenden?' }}</h1>
<form class="card form" method="post" action="${base}${path}">
  <p>${{
    en: html`From now on, you sign in as <strong><bdi>${to}</bdi></strong> instead of <bdi>${from}</bdi>.`,
    de: html`Ab jetzt melden Sie sich als <strong><bdi>${to}</bdi></strong> an statt als <bdi>${from}</bdi>.`,
  }}</p>
  <button class="main-button">${{ en: 'Use this address', de: 'Diese Adresse verwenden' }}</button>
</form>
</main>`,
  });
}

export function emailLinkOverPage(base: string, nav: Html): Html {
  return page({
    base,
    title: 'Hitherto',
    header: nav,
    main: html`<main class="narrow"><h1>${{ en: 'This link does not work', de: 'Dieser Link funktioniert nicht' }}</h1>
<p>${{
      en:
        'It was used already, a newer one replaced it, it is too old, or it is for another account than the one that ' +
        'you are signed in with.',
      de:
        'Er wurde schon benutzt, ein neuerer hat ihn ersetzt, er ist zu alt, oder er gehört zu einem anderen Konto ' +
        'als dem, mit dem Sie angemeldet sind.',
    }}</p>
<p>${{
      en: html`To get another one, enter the address again on the page <a href="${base}/account">Account</a>.`,
      de: html`Um einen neuen zu bekommen, geben Sie die Adresse auf der Seite <a href="${base}/account">Konto</a> noch
einmal ein.`,
    }}</p></main>`,
  });
}
