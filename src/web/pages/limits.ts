// What people see of their limits, and the form with which operators change them.
import { inNumbers } from '../../language/formats.js';
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

/** Such as "2 of 10 sites". */
export function sitesText(person: Person): Html {
  const [owned, max] = [ownedSites(person).length, inNumbers(person.sitesMax)];
  return html`${{
    en: html`${owned} of ${max} ${person.sitesMax === 1 ? 'site' : 'sites'}`,
    de: html`${owned} von ${max} ${person.sitesMax === 1 ? 'Website' : 'Websites'}`,
  }}`;
}

/** Such as "812 of 1,000 hits this month". */
export function hitsText({ person: { hitsMax }, hits }: Used): Html {
  const limit = hitsMax !== undefined && inNumbers(hitsMax);
  if (hits === undefined)
    return html`${{
      en: html`the hits of this month are not known at the moment${limit && html` (limit ${limit})`}`,
      de: html`die Zugriffe dieses Monats sind gerade nicht bekannt${limit && html` (Grenze ${limit})`}`,
    }}`;
  const isOne = hits === 1 && limit === false;
  return html`${inNumbers(hits)}${{
    en: html`${limit && html` of ${limit}`} ${isOne ? 'hit' : 'hits'} this month`,
    de: html`${limit && html` von ${limit}`} ${isOne ? 'Zugriff' : 'Zugriffe'} in diesem Monat`,
  }}`;
}

/** Undefined until 80 % of the limit. */
export function limitNotice({ person, hits }: Used): Html | undefined {
  const state = stateOfHits(hits, person.hitsMax);
  if (state === 'below' || hits === undefined) return undefined;
  const [used, max] = [inNumbers(hits), inNumbers(person.hitsMax as number)];
  return state === 'near'
    ? html`<p class="card notice">${{
        en: html`Your sites have used ${used} of ${max} hits this month. Above the limit, hits are still counted, but you
cannot create sites. An operator of this service can raise the limit.`,
        de: html`Ihre Websites haben in diesem Monat ${used} von ${max} Zugriffen verbraucht. Über der Grenze werden
Zugriffe weiter gezählt, aber Sie können keine Websites anlegen. Ein Betreiber dieses Dienstes kann die Grenze anheben.`,
      }}</p>`
    : html`<p class="card notice">${{
        en: html`Your sites have reached the limit of this month: ${used} of ${max} hits. All hits are still counted, but you
cannot create sites until the next month begins. An operator of this service can raise the limit.`,
        de: html`Ihre Websites haben die Grenze dieses Monats erreicht: ${used} von ${max} Zugriffen. Alle Zugriffe werden weiter
gezählt, aber Sie können erst im nächsten Monat wieder Websites anlegen. Ein Betreiber dieses Dienstes kann die Grenze anheben.`,
      }}</p>`;
}

/** For the page of the person's own account. */
export function limitsCard(used: Used): Html {
  const { person } = used;
  return html`<section class="card"><h2>${{ en: 'Limits', de: 'Grenzen' }}</h2>
${
  person.isOperator
    ? html`<p>${{ en: 'Operators have no limits.', de: 'Für Betreiber gibt es keine Grenzen.' }}</p>`
    : html`<p>${{ en: html`You own ${sitesText(person)}.`, de: html`Ihnen gehören ${sitesText(person)}.` }}</p>
<p>${{
        en: html`Your sites: ${hitsText(used)}${person.hitsMax === undefined && ', without a limit'}.`,
        de: html`Ihre Websites: ${hitsText(used)}${person.hitsMax === undefined && ', ohne Grenze'}.`,
      }}</p>
<p class="hint">${{
        en:
          'Hits are the page views of the sites that you own. Above the limit they are still counted, but you cannot ' +
          'create sites. An operator of this service can raise a limit.',
        de:
          'Zugriffe sind die Seitenaufrufe der Websites, die Ihnen gehören. Über der Grenze werden sie weiter gezählt, ' +
          'aber Sie können keine Websites anlegen. Ein Betreiber dieses Dienstes kann eine Grenze anheben.',
      }}</p>`
}</section>`;
}

const HITS_HINT = {
  en: 'Page views of all their sites. Empty: no limit. Above the limit, hits are still counted, but no site can be added.',
  de: 'Seitenaufrufe aller Websites der Person. Leer: keine Grenze. Darüber wird weiter gezählt, aber keine Website angelegt.',
};

export function hitsMaxField(value: string, problems: readonly FieldProblem[]): Html {
  const attributes = html`min="1" max="${HITS_MAX}"`;
  return field(
    {
      name: 'hitsMax',
      label: { en: 'Hits a month', de: 'Zugriffe im Monat' },
      type: 'number',
      value,
      hint: HITS_HINT,
      attributes,
    },
    problems,
  );
}

/** On the page of all people, below the form of the person: the enter key must not press a button of that form. */
export function limitsForm({ id, name, sitesMax, hitsMax }: Person, action: string): Html {
  return html`<details class="limits"><summary>${{
    en: html`Change the limits of <bdi>${name}</bdi> …`,
    de: html`Grenzen von <bdi>${name}</bdi> ändern …`,
  }}</summary>
<form method="post" action="${action}"><input type="hidden" name="person" value="${id}">
<p><label>${{ en: 'Sites that they may own', de: 'Höchstzahl eigener Websites' }}
<input type="number" name="sitesMax" value="${sitesMax}" required min="0" max="${SITES_MAX}"></label></p>
<p><label>${{ en: 'Hits a month, empty for no limit', de: 'Zugriffe im Monat (leer: keine Grenze)' }}
<input type="number" name="hitsMax" value="${hitsMax}" min="1" max="${HITS_MAX}"></label></p>
<p><button class="main-button" name="act" value="limits">
${{ en: 'Save limits', de: 'Grenzen speichern' }}</button></p></form></details>`;
}
