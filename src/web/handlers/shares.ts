// Share links: the password of one, and what owners do about them.
import { fieldChange } from '../../operations/audit/changes.js';
import type { AuditedChange } from '../../store/audit-log.js';
import { DAY_MS } from '../../time/units.js';
import { basePathOf } from '../base-path.js';
import { setProof } from '../callers.js';
import { TooOften, WebError } from '../errors.js';
import { sharePasswordPage } from '../pages/share.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { sharePath } from '../shared.js';
import { form, goTo, show, textField } from './form.js';
import type { SettingsView } from './settings-view.js';

const SHOWN_ONCE = 'It is shown only now. Whoever has it sees the reports of this site.';
const TITLE_MAX = 100;
const PASSWORD_MAX = 500;
const DAYS_MAX = 3650;

export function addShares(addRoute: AddRoute, parts: AppParts, view: SettingsView): void {
  addPassword(addRoute, parts);
  const { people, audit, publicUrl, nowMs } = parts;
  const { shares } = people;

  addRoute(
    'POST /sites/:site/shares',
    async (req, res, on) => {
      const site = on.site.id;
      if (textField(req, 'act') === 'revoke') {
        const id = textField(req, 'share');
        const share = shares.ofSite(site).find((one) => one.id === id);
        if (share !== undefined) {
          await shares.revoke(id);
          await audit.record(on.caller.who, { action: 'share.revoked', site, subject: { kind: 'share', title: share.title } });
        }
        return goTo(res, `${basePathOf(publicUrl())}/sites/${site}/settings?done=share`);
      }
      const title = textField(req, 'shareTitle').trim();
      const password = textField(req, 'password');
      const days = textField(req, 'days').trim();
      if (title === '' || [...title].length > TITLE_MAX || /\p{Cc}/u.test(title))
        throw new WebError('bad-request', `Give the link a title of at most ${TITLE_MAX} characters.`);
      if ([...password].length > PASSWORD_MAX)
        throw new WebError('bad-request', `The password is too long: use at most ${PASSWORD_MAX} characters.`);
      if (days !== '' && !(/^\d{1,4}$/.test(days) && Number(days) >= 1 && Number(days) <= DAYS_MAX))
        throw new WebError('bad-request', `A link can end after 1 to ${DAYS_MAX} days; leave the field empty to keep it.`);
      const untilMs = days === '' ? undefined : nowMs() + Number(days) * DAY_MS;
      const mayBeEmbedded = textField(req, 'mayBeEmbedded') === '1';
      const secret = await shares.create({ site, title, password, untilMs, mayBeEmbedded });
      const hasPassword = password !== '';
      await audit.record(on.caller.who, shareCreated(site, title, { untilMs, hasPassword, mayBeEmbedded }));
      show(
        res,
        await view(req, on, { ofOwner: { link: { for: title, url: `${publicUrl()}${sharePath(secret)}/`, text: SHOWN_ONCE } } }),
      );
    },
    form,
  );
}

function shareCreated(
  site: string,
  title: string,
  options: { readonly untilMs: number | undefined; readonly hasPassword: boolean; readonly mayBeEmbedded: boolean },
): AuditedChange {
  const { untilMs, hasPassword, mayBeEmbedded } = options;
  const changes = [
    fieldChange('hasPassword', undefined, hasPassword),
    fieldChange('mayBeEmbedded', undefined, mayBeEmbedded),
    ...(untilMs === undefined ? [] : [fieldChange('until', undefined, new Date(untilMs).toISOString())]),
  ];
  return { action: 'share.created', site, subject: { kind: 'share', title }, changes };
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
      if (proof === undefined) return show(res, sharePasswordPage(base(), 'This is not the password.'), 401);
      setProof(res, proof, `${base()}${sharePath(secret)}`, publicUrl());
      goTo(res, `${base()}${sharePath(secret)}/`);
    },
    form,
  );
}
