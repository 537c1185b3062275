// What a change of a site's time zone would do now.
import { z } from 'zod';
import { forPrograms } from '../../language/sentence.js';
import { checkSite } from '../../store/account-rules.js';
import { WebError } from '../errors.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { zonePreview } from '../zone-preview.js';
import { notStored } from './answers.js';
import { checkParameters, wrong } from './parameters.js';

export const zoneChangeQuery = z.object({
  timezone: z.string().describe('The zone that the site would change to: an IANA name, such as Europe/Berlin.'),
});

export function addZoneChanges(addRoute: AddRoute, parts: AppParts): void {
  addRoute('GET /api/v1/sites/:site/zone-change', async ({ query }, res, { site }) => {
    checkParameters(query, Object.keys(zoneChangeQuery.shape), 'a change of the time zone');
    const { timezone } = query as { timezone?: string };
    if (timezone === undefined) throw wrong('timezone', 'is missing');
    const checked = checkSite({ ...site, timezone });
    if ('problems' in checked) throw new WebError('bad-request', checked.problems[0]?.message, checked.problems[0]?.field);
    const { change, text } = await zonePreview(parts, site, checked.settings.timezone);
    notStored(res).json({ ...change, text: text.map(forPrograms) });
  });
}
