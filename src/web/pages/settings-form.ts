// The form with the settings of a site.
import { readableHost } from '../../hit/host.js';
import type { Site } from '../../hit/site.js';
import type { FieldProblem } from '../../people/person.js';
import { type SettingsTyped, seenText, typedOf } from '../settings-typed.js';
import { AS_TYPED, type Choice, field, listField, selectField } from './form.js';
import { type Html, html, type Insertable } from './html.js';
import { HOSTS_HINT } from './site-fields.js';

export interface SettingsFormParts {
  readonly site: Site;
  /** The address of the browser that asks, which the owner may exclude. */
  readonly ownAddress: string;
  readonly typed?: SettingsTyped;
  readonly problems?: readonly FieldProblem[];
}

const STORAGE: readonly Choice[] = [
  {
    value: 'record',
    text: {
      en: 'Store a record of visits in the browser: visitors and visits are exact',
      de: 'Besuchsdaten im Browser speichern: Besucher und Besuche sind genau',
    },
  },
  {
    value: 'none',
    text: {
      en: 'Store nothing in the browser: visitors are estimated per day',
      de: 'Nichts im Browser speichern: Besucher werden für jeden Tag geschätzt',
    },
  },
];

const SIGNALS: readonly Choice[] = [
  { value: 'without-record', text: { en: 'Count without a record', de: 'Ohne Besuchsdaten zählen' } },
  { value: 'views-only', text: { en: 'Count views only', de: 'Nur Seitenaufrufe zählen' } },
  { value: 'ignored', text: { en: 'Count as usual', de: 'Wie üblich zählen' } },
];

const MONTHS = [2, 3, 6, 12, 13, 24, 25, 36, 60, 120];

export function settingsForm(parts: SettingsFormParts, action: string): Html {
  const { site, ownAddress, typed = typedOf(site), problems = [] } = parts;
  return html`<form class="card form" method="post" action="${action}/settings">
  <input type="hidden" name="seen" value="${seenText(typedOf(site))}">
  <h2>${{ en: 'Site', de: 'Website' }}</h2>
  ${field(
    {
      name: 'title',
      label: { en: 'Title', de: 'Titel' },
      value: typed.title,
      attributes: html`required maxlength="200" autocomplete="off"`,
    },
    problems,
  )}
  ${listField(
    {
      name: 'hosts',
      label: { en: 'Host names', de: 'Hostnamen' },
      value: typed.hosts,
      hint: HOSTS_HINT,
      attributes: AS_TYPED,
    },
    problems,
  )}
  <h2>${{ en: 'What is counted', de: 'Was gezählt wird' }}</h2>
  ${listField(
    {
      name: 'excludedAddresses',
      label: { en: 'Excluded addresses', de: 'Ausgeschlossene Adressen' },
      value: typed.excludedAddresses,
      hint: {
        en: html`Hits from these addresses and ranges are not counted. Yours is <code>${ownAddress}</code>.`,
        de: html`Zugriffe von diesen Adressen und Bereichen werden nicht gezählt. Ihre ist <code>${ownAddress}</code>.`,
      },
      attributes: AS_TYPED,
    },
    problems,
  )}
  ${excludeHint(site)}
  ${listField(
    {
      name: 'excludedPaths',
      label: { en: 'Excluded paths', de: 'Ausgeschlossene Pfade' },
      value: typed.excludedPaths,
      hint: {
        en: html`Hits on these pages are not counted. Write one path a line; <code>*</code> stands for any text:
<code>/admin/*</code> is every page below /admin/, but not /admin itself.`,
        de: html`Zugriffe auf diese Seiten werden nicht gezählt. Schreiben Sie einen Pfad je Zeile; <code>*</code> steht für
beliebigen Text: <code>/admin/*</code> ist jede Seite unter /admin/, aber nicht /admin selbst.`,
      },
      attributes: AS_TYPED,
    },
    problems,
  )}
  ${listField(
    {
      name: 'excludedReferrers',
      label: { en: 'Excluded referrers', de: 'Ausgeschlossene Verweise' },
      value: typed.excludedReferrers,
      hint: {
        en: html`Views that come from these hosts are counted as direct, such as those of customers who return from
<code>pay.example</code>. <code>*.pay.example</code> stands for every name below pay.example.`,
        de: html`Seitenaufrufe, die von diesen Hosts kommen, zählen als direkt, etwa wenn Kunden von <code>pay.example</code>
zurückkehren. <code>*.pay.example</code> steht für jeden Namen unter pay.example.`,
      },
      attributes: AS_TYPED,
    },
    problems,
  )}
  ${listField(
    {
      name: 'queryParameters',
      label: { en: 'Query parameters that distinguish pages', de: 'Abfrageparameter, die Seiten unterscheiden' },
      value: typed.queryParameters,
      hint: {
        en: 'With "id", /article?id=7&ref=mail is counted as /article?id=7. All other parameters are dropped.',
        de: 'Mit „id“ wird /article?id=7&ref=mail als /article?id=7 gezählt. Alle anderen Parameter fallen weg.',
      },
      attributes: AS_TYPED,
    },
    problems,
  )}
  ${privacyFields(typed, problems)}
  <button class="main-button">${{ en: 'Save settings', de: 'Einstellungen speichern' }}</button>
</form>`;
}

function privacyFields(typed: SettingsTyped, problems: readonly FieldProblem[]): Html {
  return html`<h2>${{ en: 'Privacy', de: 'Datenschutz' }}</h2>
  ${selectField(
    {
      name: 'storage',
      label: { en: 'Storage in the browser', de: 'Speicherung im Browser' },
      value: typed.storage,
      hint: {
        en: 'If you change this, replace the snippet in your pages by the new one below.',
        de: 'Wenn Sie das ändern, ersetzen Sie das Snippet in Ihren Seiten durch das neue unten.',
      },
    },
    STORAGE,
    problems,
  )}
  ${selectField(
    {
      name: 'signals',
      label: {
        en: 'Browsers that send Do Not Track or Global Privacy Control',
        de: 'Browser, die „Do Not Track“ oder „Global Privacy Control“ senden',
      },
      value: typed.signals,
    },
    SIGNALS,
    problems,
  )}
  <h2>${{ en: 'How long reports are kept', de: 'Wie lange Berichte gespeichert bleiben' }}</h2>
  <p class="hint">${{
    en:
      'Shorter periods are removed first; longer ones keep their sums. Everything older is removed permanently ' +
      'within an hour after you save.',
    de:
      'Kürzere Zeiträume werden zuerst entfernt; längere behalten deren Summen. Alles Ältere wird innerhalb einer ' +
      'Stunde nach dem Speichern endgültig entfernt.',
  }}</p>
  ${keepField('keepDays', { en: 'Days', de: 'Tage' }, typed.keepDays, problems)}
  ${keepField('keepMonths', { en: 'Months', de: 'Monate' }, typed.keepMonths, problems)}
  ${keepField('keepYears', { en: 'Years', de: 'Jahre' }, typed.keepYears, problems)}`;
}

/** A link that people open on each of their own devices. */
function excludeHint({ hosts }: Site): Html {
  const host = hosts.find((name) => !name.startsWith('*.'));
  const link =
    host === undefined
      ? {
          en: html`any page of your site with <code>#hitherto-off</code> at the end of its address`,
          de: html`eine beliebige Seite Ihrer Website mit <code>#hitherto-off</code> am Ende der Adresse`,
        }
      : html`<a href="https://${host}/#hitherto-off">https://${readableHost(host)}/#hitherto-off</a>`;
  return html`<p class="hint">${{
    en: html`To exclude your own visits, open ${link} in each of your browsers, also on your phone.
<code>#hitherto-on</code> counts them again.`,
    de: html`Um Ihre eigenen Besuche auszuschließen, öffnen Sie ${link} in jedem Ihrer Browser, auch auf dem Handy.
<code>#hitherto-on</code> zählt sie wieder.`,
  }}</p>`;
}

function keepField(name: string, label: Insertable, value: string, problems: readonly FieldProblem[]): Html {
  const months = [...new Set([...MONTHS.map(String), value])]
    .filter((text) => text !== '' && text !== 'always')
    .sort((a, b) => Number(a) - Number(b));
  const choices = [
    { value: '', text: { en: 'As each report says', de: 'Wie jeder Bericht es vorsieht' } },
    ...months.map((text) => ({ value: text, text: { en: `For ${text} months`, de: `${text} Monate` } })),
    { value: 'always', text: { en: 'Always', de: 'Immer' } },
  ];
  return selectField({ name, label, value }, choices, problems);
}
