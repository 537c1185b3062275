// The choice of a language at the end of every page. It is a form, so only a page of this service can send it; see ../origin.ts.
import { isLanguage } from '../../language/languages.js';
import { basePathOf } from '../base-path.js';
import type { Callers } from '../callers.js';
import { WebError } from '../errors.js';
import { clearLanguageCookie, setLanguageCookie } from '../language.js';
import { createChooseLanguage } from '../own-language.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { form, goTo, textField } from './form.js';
import { pageBefore } from './page-before.js';

type Parts = Pick<AppParts, 'people' | 'limits' | 'clientAddress' | 'publicUrl'>;

export function addLanguage(addRoute: AddRoute, parts: Parts, callers: Callers): void {
  const chooseLanguage = createChooseLanguage(parts);
  const base = () => basePathOf(parts.publicUrl());

  addRoute(
    'POST /language',
    async (req, res) => {
      const language = textField(req, 'language');
      if (!isLanguage(language)) throw new WebError('bad-request', UNKNOWN);
      const caller = callers.of(req);
      // otherwise the person's own choice would hide this one
      if (caller?.signedIn?.person.language !== undefined) await chooseLanguage(req, caller, language);
      setLanguageCookie(res, language, parts.publicUrl());
      goTo(res, pageBefore(req, base()));
    },
    form,
  );

  addRoute(
    'POST /account/language',
    async (req, res, { caller }) => {
      const language = textField(req, 'language');
      if (!isLanguage(language) && language !== '') throw new WebError('bad-request', UNKNOWN);
      await chooseLanguage(req, caller, language === '' ? undefined : language);
      clearLanguageCookie(res, parts.publicUrl());
      goTo(res, `${base()}/account?done=language`);
    },
    form,
  );
}

const UNKNOWN = {
  en: 'There is no such language here. Choose another one.',
  de: 'Diese Sprache gibt es hier nicht. Wählen Sie eine andere.',
};
