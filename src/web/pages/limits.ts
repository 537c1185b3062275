// What people see of their limits, and the form with which operators change them.
import { type FieldProblem, HITS_MAX, type Person, SITES_MAX } from '../../people/person.js';
import { ownedSites } from '../../people/rights.js';
import { stateOfHits } from '../../people/usage.js';
import { field } from './form.js';
import { type Html, html } from './html.js';

/** A person with the hits of this month. */
export interface Used {
  readonly person: Person;
  /** Undefined: not known now. */
  readonly hits: number | undefined;
}

const NUMBER = new Intl.NumberFormat('en');

/** Such as "2 of 10 sites". */
export function sitesText(person: Person): string {
  return `${ownedSites(person).length} of ${NUMBER.format(person.sitesMax)} ${person.sitesMax === 1 ? 'site' : 'sites'}`;
}

/** Such as "812 of 1,000 hits this month". */
export function hitsText({ person: { hitsMax }, hits }: Used): string {
  const limit = hitsMax === undefined ? '' : NUMBER.format(hitsMax);
  if (hits === undefined) return `the hits of this month are not known at the moment${limit && ` (limit ${limit})`}`;
  return `${NUMBER.format(hits)}${limit && ` of ${limit}`} ${hits === 1 && limit === '' ? 'hit' : 'hits'} this month`;
}

/** Undefined until 80 % of the limit. */
export function limitNotice({ person, hits }: Used): Html | undefined {
  const state = stateOfHits(hits, person.hitsMax);
  if (state === 'below' || hits === undefined) return undefined;
  const numbers = `${NUMBER.format(hits)} of ${NUMBER.format(person.hitsMax as number)} hits`;
  return state === 'near'
    ? html`<p class="card notice">Your sites have used ${numbers} this month. Above the limit, hits are still counted, but you
cannot create sites. An operator of this service can raise the limit.</p>`
    : html`<p class="card notice">Your sites have reached the limit of this month: ${numbers}. All hits are still counted, but you
cannot create sites until the next month begins. An operator of this service can raise the limit.</p>`;
}

/** For the page of the person's own account. */
export function limitsCard(used: Used): Html {
  const { person } = used;
  return html`<section class="card"><h2>Limits</h2>
${
  person.isOperator
    ? html`<p>Operators have no limits.</p>`
    : html`<p>You own ${sitesText(person)}.</p>
<p>Your sites: ${hitsText(used)}${person.hitsMax === undefined && ', without a limit'}.</p>
<p class="hint">Hits are the page views of the sites that you own. Above the limit they are still counted, but you cannot create
sites. An operator of this service can raise a limit.</p>`
}</section>`;
}

const HITS_HINT =
  'Page views of all their sites. Empty: no limit. Above the limit, hits are still counted, but no site can be added.';

export function hitsMaxField(value: string, problems: readonly FieldProblem[]): Html {
  const attributes = html`min="1" max="${HITS_MAX}"`;
  return field({ name: 'hitsMax', label: 'Hits a month', type: 'number', value, hint: HITS_HINT, attributes }, problems);
}

/** On the page of all people, below the form of the person: the enter key must not press a button of that form. */
export function limitsForm({ id, name, sitesMax, hitsMax }: Person, action: string): Html {
  return html`<details class="limits"><summary>Change the limits of <bdi>${name}</bdi> …</summary>
<form method="post" action="${action}"><input type="hidden" name="person" value="${id}">
<p><label>Sites that they may own
<input type="number" name="sitesMax" value="${sitesMax}" required min="0" max="${SITES_MAX}"></label></p>
<p><label>Hits a month, empty for no limit
<input type="number" name="hitsMax" value="${hitsMax}" min="1" max="${HITS_MAX}"></label></p>
<p><button class="main-button" name="act" value="limits">Save limits</button></p></form></details>`;
}
