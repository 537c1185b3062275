// The fields of a new site. The page’s script suggests an id and the time zone.
import type { FieldProblem } from '../../people/person.js';
import { TIMEZONES } from '../../store/account-rules.js';
import { AS_TYPED, field } from './form.js';
import { type Html, html } from './html.js';

/** As typed. */
export interface SiteFields {
  readonly title: string;
  readonly id: string;
  readonly timezone: string;
  readonly hosts: string;
}

export const NO_SITE_FIELDS: SiteFields = { title: '', id: '', timezone: '', hosts: '' };

export const HOSTS_HINT = {
  en:
    'Only pages on these hosts are counted, with or without www. Separate several with spaces; *.example.com stands for every ' +
    'name below example.com. Leave it empty to count any host.',
  de:
    'Nur Seiten auf diesen Hosts werden gezählt, mit oder ohne www. Trennen Sie mehrere durch Leerzeichen; *.example.com steht ' +
    'für jeden Namen unter example.com. Lassen Sie das Feld leer, um jeden Host zu zählen.',
};

export function siteFields(typed: SiteFields, problems: readonly FieldProblem[]): Html {
  return html`${field(
    {
      name: 'title',
      label: { en: 'Title of the site', de: 'Titel der Website' },
      value: typed.title,
      attributes: html`required maxlength="200" autocomplete="off"`,
    },
    problems,
  )}
  ${field(
    {
      name: 'id',
      label: { en: 'Id', de: 'Kennung' },
      value: typed.id,
      hint: {
        en: 'Used in your pages and in addresses, and never changed: lower-case letters, digits and hyphens.',
        de: 'Steht in Ihren Seiten und in Adressen und ändert sich nie: Kleinbuchstaben, Ziffern und Bindestriche.',
      },
      attributes: html`required maxlength="63" placeholder="my-site" ${AS_TYPED}`,
    },
    problems,
  )}
  ${timezoneField(typed.timezone, problems)}
  ${field(
    {
      name: 'hosts',
      label: { en: 'Host names (optional)', de: 'Hostnamen (optional)' },
      value: typed.hosts,
      hint: HOSTS_HINT,
      attributes: html`placeholder="example.com" ${AS_TYPED}`,
    },
    problems,
  )}`;
}

export function timezoneField(value: string, problems: readonly FieldProblem[]): Html {
  return html`${field(
    {
      name: 'timezone',
      label: { en: 'Time zone', de: 'Zeitzone' },
      value,
      hint: {
        en: 'Determines when the site’s days begin and end. Type the name of a city, and choose its zone.',
        de:
          'Bestimmt, wann die Tage der Website beginnen und enden. Tippen Sie den Namen einer Stadt, und wählen Sie ' +
          'ihre Zone.',
      },
      attributes: html`required list="zones" placeholder="Europe/Berlin" ${AS_TYPED}`,
    },
    problems,
  )}
  <datalist id="zones">${TIMEZONES.map((name) => html`<option value="${name}">`)}</datalist>`;
}
