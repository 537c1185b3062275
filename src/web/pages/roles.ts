// Roles as people choose them, for members of a site and of a team.
import type { Text } from '../../language/languages.js';
import { type Person, SITE_ROLES, type SiteRole } from '../../people/person.js';
import type { Choice } from './form.js';
import { type Html, html, type Insertable } from './html.js';

const ROLE_TEXT: Readonly<Record<SiteRole, Text>> = {
  owner: { en: 'Owner: may do everything', de: 'Inhaber: darf alles' },
  editor: { en: 'Editor: may change the settings', de: 'Bearbeiter: darf die Einstellungen ändern' },
  viewer: { en: 'Viewer: may see the reports', de: 'Leser: darf die Berichte sehen' },
};

/** As in a sentence. */
export const ROLE_NAMES: Readonly<Record<SiteRole, Text>> = {
  owner: { en: 'owner', de: 'Inhaber' },
  editor: { en: 'editor', de: 'Bearbeiter' },
  viewer: { en: 'viewer', de: 'Leser' },
};

export const ROLES: readonly Choice[] = SITE_ROLES.map((role) => ({ value: role, text: ROLE_TEXT[role] }));

/** A member with the buttons that change the role and remove the person. */
export function memberForm(
  { person: { id, name, email }, role }: { readonly person: Person; readonly role: SiteRole },
  action: string,
  removeText: Insertable,
): Html {
  return html`<form class="person" method="post" action="${action}">
<input type="hidden" name="person" value="${id}">
<p><strong><bdi>${name}</bdi></strong> <bdi>${email}</bdi></p>
<p><select name="role" aria-label="${{ en: `Role of ${name}`, de: `Rolle von ${name}` }}">${ROLES.map(
    ({ value, text }) => html`<option value="${value}"${value === role && html` selected`}>${text}</option>`,
  )}</select></p>
<p><button class="quiet" name="act" value="role">${{ en: 'Save role', de: 'Rolle speichern' }}</button>
<button class="quiet" name="act" value="remove">${removeText}</button></p></form>`;
}
