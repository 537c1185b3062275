// The choice of colours at the end of every page. It is a form, so only a page of this service can send it; see ../origin.ts.
import { basePathOf } from '../base-path.js';
import { WebError } from '../errors.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { isTheme, storeTheme } from '../theme.js';
import { form, goTo, textField } from './form.js';
import { pageBefore } from './page-before.js';

const UNKNOWN = {
  en: 'There are no such colours here. Choose others.',
  de: 'Diese Farben gibt es hier nicht. Wählen Sie andere.',
};

export function addTheme(addRoute: AddRoute, { publicUrl }: Pick<AppParts, 'publicUrl'>): void {
  addRoute(
    'POST /theme',
    async (req, res) => {
      const theme = textField(req, 'theme');
      if (!isTheme(theme)) throw new WebError('bad-request', UNKNOWN);
      storeTheme(res, theme, publicUrl());
      goTo(res, pageBefore(req, basePathOf(publicUrl())));
    },
    form,
  );
}
