// Roles as people choose them, for members of a site and of a team.
import { type Person, SITE_ROLES, type SiteRole } from '../../people/person.js';
import type { Choice } from './form.js';
import { type Html, html } from './html.js';

const ROLE_TEXT: Readonly<Record<SiteRole, string>> = {
  owner: 'Owner: may do everything',
  editor: 'Editor: may change the settings',
  viewer: 'Viewer: may see the reports',
};

export const ROLES: readonly Choice[] = SITE_ROLES.map((role) => ({ value: role, text: ROLE_TEXT[role] }));

/** A member with the buttons that change the role and remove the person. */
export function memberForm(
  { person: { id, name, email }, role }: { readonly person: Person; readonly role: SiteRole },
  action: string,
  removeText: string,
): Html {
  return html`<form class="person" method="post" action="${action}">
<input type="hidden" name="person" value="${id}">
<p><strong><bdi>${name}</bdi></strong> <bdi>${email}</bdi></p>
<p><select name="role" aria-label="Role of ${name}">${ROLES.map(
    ({ value, text }) => html`<option value="${value}"${value === role && html` selected`}>${text}</option>`,
  )}</select></p>
<p><button class="quiet" name="act" value="role">Save role</button>
<button class="quiet" name="act" value="remove">${removeText}</button></p></form>`;
}
