// Deleting a site: first a page that says what goes with it.
import { basePathOf } from '../base-path.js';
import { deleteSitePage } from '../pages/delete-site.js';
import { navigation } from '../pages/navigation.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { fieldProblem, form, goTo, show, textField } from './form.js';

export function addDeleteSite(addRoute: AddRoute, { siteDeletion, publicUrl }: AppParts): void {
  const base = () => basePathOf(publicUrl());

  addRoute('GET /sites/:site/delete', async (_req, res, { site, caller }) => {
    const preview = await siteDeletion.preview(site.id);
    show(res, deleteSitePage({ base: base(), nav: navigation(base(), caller), site, preview }));
  });

  addRoute(
    'POST /sites/:site/delete',
    async (req, res, { site, caller }) => {
      if (textField(req, 'id').trim() !== site.id) {
        const preview = await siteDeletion.preview(site.id);
        const problem = fieldProblem('id', {
          en: `Type ${site.id} to delete this site.`,
          de: `Geben Sie ${site.id} ein, um diese Website zu löschen.`,
        });
        return show(res, deleteSitePage({ base: base(), nav: navigation(base(), caller), site, preview, problem }), 400);
      }
      siteDeletion.start(site.id, caller.who);
      goTo(res, `${base()}/?all&deleted`);
    },
    form,
  );
}
