// The search and the pages of the list of people.
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
<p><label>Name or e-mail address <input name="search" value="${search}" maxlength="254" autocomplete="off"></label>
<button class="quiet">Search</button></p>
<p class="hint">${found} ${found === 1 ? 'account' : 'accounts'}
${search !== '' && html` · <a href="${base}/people">Show all</a>`}</p>
</form>`;
}

export function pageLinks(base: string, list: PeopleList): Html | false {
  const { page, pages } = list;
  if (pages === 1) return false;
  return html`<p class="pages">${page > 1 && html`<a href="${base}/people${queryOf(list, page - 1)}">← Before</a>`}
<span>Page ${page} of ${pages}</span>
${page < pages && html`<a href="${base}/people${queryOf(list, page + 1)}">Next →</a>`}</p>`;
}
