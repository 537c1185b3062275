import type { Caller } from '../callers.js';
import { type Html, html } from './html.js';

/** The links at the top for a caller who is signed in, by a session or a token. */
export function navigation(base: string, { signedIn, isOperator }: Pick<Caller, 'signedIn' | 'isOperator'>): Html {
  return html`<nav class="links"><a href="${base}/?all">${{ en: 'Sites', de: 'Websites' }}</a>
${signedIn !== undefined && html`<a href="${base}/teams">${{ en: 'Teams', de: 'Teams' }}</a>`}
${isOperator && html`<a href="${base}/people">${{ en: 'People', de: 'Personen' }}</a>`}
${signedIn !== undefined && html`<a href="${base}/account">${{ en: 'Account', de: 'Konto' }}</a>`}</nav>
<form method="post" action="${base}/sign-out"><button class="quiet">${{ en: 'Sign out', de: 'Abmelden' }}</button></form>`;
}
