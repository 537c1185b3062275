// What owners of a site do about the teams that contain it.
import { basePathOf } from '../base-path.js';
import { WebError } from '../errors.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { createTeamActs } from '../teams.js';
import { form, goTo, textField } from './form.js';

export function addSiteTeams(addRoute: AddRoute, parts: AppParts): void {
  const acts = createTeamActs(parts);
  addRoute(
    'POST /sites/:site/teams',
    async (req, res, { caller, site }) => {
      if (textField(req, 'act') !== 'remove') throw new WebError('bad-request');
      const team = parts.people.teams.ofSite(site.id).find(({ id }) => id === textField(req, 'team'));
      if (team !== undefined) await acts.removeSite(caller, team, site.id);
      goTo(res, `${basePathOf(parts.publicUrl())}/sites/${site.id}/settings?done=teams`);
    },
    form,
  );
}
