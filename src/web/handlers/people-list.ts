// Which people the page of all people shows: there may be thousands.
import type { Request } from 'express';
import type { Person } from '../../people/person.js';
import type { PeopleList } from '../pages/people-list.js';

const PEOPLE_OF_PAGE = 50;

/** The people that the address of the request asks for, by a text in their name or e-mail address and the number of the page. */
export function listedPeople(
  { query }: Pick<Request, 'query'>,
  everybody: readonly Person[],
): PeopleList & { readonly people: Person[] } {
  const search = typeof query.search === 'string' ? query.search.trim() : '';
  const wanted = search.toLowerCase();
  const found = everybody.filter(({ name, email }) => `${name} ${email}`.toLowerCase().includes(wanted));
  const pages = Math.max(1, Math.ceil(found.length / PEOPLE_OF_PAGE));
  const page = Math.min(pages, Math.max(1, /^\d{1,6}$/.test(String(query.page)) ? Number(query.page) : 1));
  const people = found.slice((page - 1) * PEOPLE_OF_PAGE, page * PEOPLE_OF_PAGE);
  return { people, search, page, pages, found: found.length, isSearchable: everybody.length > PEOPLE_OF_PAGE };
}
