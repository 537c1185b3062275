import type { Caller } from '../callers.js';
import { type Html, html } from './html.js';

/** The links at the top for a caller who is signed in, by a session or a token. */
export function navigation(base: string, { signedIn, isOperator }: Pick<Caller, 'signedIn' | 'isOperator'>): Html {
  return html`<nav class="links"><a href="${base}/?all">Sites</a>
${signedIn !== undefined && html`<a href="${base}/teams">Teams</a>`}
${isOperator && html`<a href="${base}/people">People</a>`}
${signedIn !== undefined && html`<a href="${base}/account">Account</a>`}</nav>
<form method="post" action="${base}/sign-out"><button class="quiet">Sign out</button></form>`;
}
