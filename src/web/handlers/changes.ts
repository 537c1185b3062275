// The pages that show who changed what.
import type { Request } from 'express';
import { isEntryId } from '../../store/audit-log.js';
import { basePathOf } from '../base-path.js';
import { WebError } from '../errors.js';
import { changesPage } from '../pages/changes.js';
import { navigation } from '../pages/navigation.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { show } from './form.js';

const ENTRIES_OF_PAGE = 50;

export function addChanges(addRoute: AddRoute, { accounts, audit, publicUrl }: AppParts): void {
  const base = () => basePathOf(publicUrl());

  addRoute('GET /audit', async (req, res, { caller }) => {
    const before = beforeIn(req);
    const changes = await audit.page({ before, limit: ENTRIES_OF_PAGE });
    const nav = navigation(base(), caller);
    const hasSite = (id: string) => accounts.site(id) !== undefined;
    const parts = { base: base(), nav, hasSite, changes, isLater: before !== undefined };
    show(res, changesPage(parts), changes === undefined ? 503 : 200);
  });

  addRoute('GET /sites/:site/changes', async (req, res, { caller, site }) => {
    const before = beforeIn(req);
    const changes = await audit.page({ site: site.id, before, limit: ENTRIES_OF_PAGE });
    const nav = navigation(base(), caller);
    show(
      res,
      changesPage({ base: base(), nav, site, changes, isLater: before !== undefined }),
      changes === undefined ? 503 : 200,
    );
  });
}

function beforeIn({ query }: Request): string | undefined {
  const { before } = query;
  if (before === undefined) return undefined;
  if (typeof before === 'string' && isEntryId(before)) return before;
  throw new WebError('bad-request', {
    en: 'This is not the address of a page of changes. Go back to the newest ones.',
    de: 'Das ist nicht die Adresse einer Seite mit Änderungen. Gehen Sie zu den neuesten zurück.',
  });
}
