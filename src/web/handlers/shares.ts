// Share links: the password of one, and what owners do about them.
import type { Request } from 'express';
import { choosable, endAfterDays } from '../../people/share-rules.js';
import type { NewShare } from '../../people/shares.js';
import { basePathOf } from '../base-path.js';
import { setProof } from '../callers.js';
import { TooOften, WebError } from '../errors.js';
import { inAddress } from '../language.js';
import { HAS_CHOICE_FIELD, REPORT_FIELD, sharePasswordPage } from '../pages/share.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { sharePath } from '../shared.js';
import { createShare, revokeShare } from '../shares.js';
import { form, goTo, show, textField } from './form.js';
import type { SettingsView } from './settings-view.js';

const SHOWN_ONCE = {
  en: 'It is shown only now. Anyone who has it can see the reports.',
  de: 'Er wird nur jetzt angezeigt. Wer ihn hat, sieht die Berichte.',
};
const WRONG = { en: 'This is not the password.', de: 'Das ist nicht das Passwort.' };

export function addShares(addRoute: AddRoute, parts: AppParts, view: SettingsView): void {
  addPassword(addRoute, parts);
  const { publicUrl } = parts;

  addRoute(
    'POST /sites/:site/shares',
    async (req, res, on) => {
      const { caller, site } = on;
      if (textField(req, 'act') === 'revoke') {
        await revokeShare(parts, caller, site.id, textField(req, 'share'));
        return goTo(res, `${basePathOf(publicUrl())}/sites/${site.id}/settings?done=share`);
      }
      const typed = shareTyped(req, parts);
      const created = await createShare(parts, caller, { site: site.id, ...typed });
      if ('problem' in created) throw new WebError('bad-request', created.problem.text);
      show(res, await view(req, on, { ofOwner: { link: { for: typed.title, url: created.link, text: SHOWN_ONCE } } }));
    },
    form,
  );
}

function shareTyped(req: Request, { reportSchemas, nowMs }: AppParts): Omit<NewShare, 'site'> {
  const all = choosable(Object.keys(reportSchemas));
  const chosen = all.filter((name) => textField(req, `${REPORT_FIELD}${name}`) === '1');
  const isLimited = textField(req, HAS_CHOICE_FIELD) === '1' && chosen.length < all.length;
  return {
    title: textField(req, 'shareTitle'),
    password: textField(req, 'password'),
    untilMs: endAfterDays(textField(req, 'days'), nowMs()),
    mayBeEmbedded: textField(req, 'mayBeEmbedded') === '1',
    ...(isLimited && { reports: chosen }),
  };
}

function addPassword(addRoute: AddRoute, { people, limits, publicUrl }: AppParts): void {
  const base = () => basePathOf(publicUrl());
  addRoute(
    'POST /share/:secret',
    async (req, res) => {
      const secret = String(req.params.secret);
      const share = people.shares.find(secret);
      if (share === undefined) throw new WebError('share-over');
      const taken = await limits.take('password', share.id);
      if (!taken.allowed) throw new TooOften(taken.retryAfterSeconds);
      const proof = await people.shares.prove(share, textField(req, 'password'));
      if (proof === undefined) return show(res, sharePasswordPage(base(), WRONG), 401);
      setProof(res, proof, `${base()}${sharePath(secret)}`, publicUrl());
      const language = inAddress(req);
      goTo(res, `${base()}${sharePath(secret)}/${language === undefined ? '' : `?lang=${language}`}`);
    },
    form,
  );
}
