// The search and the pages of the list of people.
import { inNumbers } from '../../language/formats.js';
import { type Html, html } from './html.js';

export interface PeopleList {
  /** As typed; empty: everybody. */
  readonly search: string;
  /** From 1. */
  readonly page: number;
  readonly pages: number;
  /** On all pages. */
  readonly found: number;
  /** Whether there are so many people that a search helps. */
  readonly isSearchable: boolean;
}

/** The query of the address that shows this part of the list; empty for the first page of everybody. */
export function queryOf({ search }: Pick<PeopleList, 'search'>, page: number): string {
  const query = new URLSearchParams({ ...(search !== '' && { search }), ...(page > 1 && { page: String(page) }) });
  return query.size === 0 ? '' : `?${query}`;
}

export function searchForm(base: string, { search, found, isSearchable }: PeopleList): Html | false {
  if (!isSearchable) return false;
  return html`<form class="person" method="get" action="${base}/people" role="search">
<p><label>${{ en: 'Name or e-mail address', de: 'Name oder E-Mail-Adresse' }}
<input name="search" value="${search}" maxlength="254" autocomplete="off"></label>
<button class="quiet">${{ en: 'Search', de: 'Suchen' }}</button></p>
<p class="hint">${inNumbers(found)} ${found === 1 ? { en: 'account', de: 'Konto' } : { en: 'accounts', de: 'Konten' }}
${search !== '' && html` · <a href="${base}/people">${{ en: 'Show all', de: 'Alle anzeigen' }}</a>`}</p>
</form>`;
}

const BEFORE = { en: 'Before', de: 'Zurück' };

export function pageLinks(base: string, list: PeopleList): Html | false {
  const { page, pages } = list;
  if (pages === 1) return false;
  return html`<p class="pages">${page > 1 && html`<a href="${base}/people${queryOf(list, page - 1)}">← ${BEFORE}</a>`}
<span>${{ en: html`Page ${page} of ${pages}`, de: html`Seite ${page} von ${pages}` }}</span>
${page < pages && html`<a href="${base}/people${queryOf(list, page + 1)}">${{ en: 'Next', de: 'Weiter' }} →</a>`}</p>`;
}
