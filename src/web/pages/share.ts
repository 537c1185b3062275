// What others see behind a share link before the reports, and the owner's list of the links.
import { asDay } from '../../language/formats.js';
import type { Text } from '../../language/languages.js';
import { isShared } from '../../people/share-rules.js';
import { isOver, type Share } from '../../people/shares.js';
import { checkbox, dataTable, field } from './form.js';
import { type Html, html } from './html.js';
import { page } from './layout.js';

/** The form is sent to the address of the page itself. */
export function sharePasswordPage(base: string, problem?: Text): Html {
  return page({
    base,
    title: 'Hitherto',
    isShared: true,
    main: html`<main class="narrow">
<h1>${{ en: 'This page needs a password', de: 'Diese Seite braucht ein Passwort' }}</h1>
<form class="card form" method="post">
  ${field(
    {
      name: 'password',
      label: { en: 'Password', de: 'Passwort' },
      type: 'password',
      hint: {
        en: 'The person who sent you the link knows it.',
        de: 'Die Person, die Ihnen den Link geschickt hat, kennt es.',
      },
      attributes: html`required autocomplete="off"`,
    },
    problem === undefined ? [] : [{ field: 'password', message: problem.en, text: problem }],
  )}
  <button class="main-button">${{ en: 'Show the reports', de: 'Berichte anzeigen' }}</button>
</form>
</main>`,
  });
}

export function shareOverPage(base: string): Html {
  return page({
    base,
    title: 'Hitherto',
    isShared: true,
    main: html`<main class="narrow"><h1>${{ en: 'This link shows nothing any more', de: 'Dieser Link zeigt nichts mehr' }}</h1>
<p>${{
      en: 'It was revoked, or it has expired. Ask the person who sent it for another one.',
      de: 'Er wurde widerrufen oder ist abgelaufen. Bitten Sie die Person, die ihn geschickt hat, um einen neuen.',
    }}</p></main>`,
  });
}

/** The fields of the checkboxes begin with this. */
export const REPORT_FIELD = 'report.';
/** Without it, nothing could be chosen, and the link shows everything. */
export const HAS_CHOICE_FIELD = 'hasChoice';

export interface ShareChoice {
  readonly name: string;
  readonly text: Text;
}

export interface SharesParts {
  readonly shares: readonly Share[];
  /** What a link can show, beside the number of views and visitors. */
  readonly choices: readonly ShareChoice[];
  readonly action: string;
  readonly nowMs: number;
}

const MAY_BE_EMBEDDED = {
  en: 'Other sites may show it in a frame',
  de: 'Andere Websites dürfen ihn in einem Frame zeigen',
};

export function sharesCard({ shares, choices, action, nowMs }: SharesParts): Html {
  return html`<section class="card"><h2>${{ en: 'Share links', de: 'Freigabelinks' }}</h2>
<p class="hint">${{
    en: 'Anyone who has such a link can see reports of this site without an account, but can change nothing.',
    de: 'Wer einen solchen Link hat, sieht Berichte dieser Website ohne Konto und kann nichts ändern.',
  }}</p>
${
  shares.length > 0 &&
  dataTable(
    { en: 'Share links', de: 'Freigabelinks' },
    COLUMNS,
    shares.map((share) => shareRow(share, { choices, action, nowMs })),
  )
}
<form method="post" action="${action}">
  ${field({
    name: 'shareTitle',
    label: { en: 'Title of a new link', de: 'Titel eines neuen Links' },
    hint: {
      en: 'Only shown here, so that you know whom it is for.',
      de: 'Wird nur hier angezeigt, damit Sie wissen, für wen er ist.',
    },
    attributes: html`required maxlength="100" autocomplete="off"`,
  })}
  ${field({
    name: 'password',
    label: { en: 'Password (optional)', de: 'Passwort (optional)' },
    type: 'password',
    attributes: html`autocomplete="new-password"`,
  })}
  ${field({
    name: 'days',
    label: { en: 'Ends after days (optional)', de: 'Gültigkeit in Tagen (optional)' },
    type: 'number',
    attributes: html`min="1" max="3650"`,
  })}
  ${checkbox('mayBeEmbedded', MAY_BE_EMBEDDED, false)}
  <input type="hidden" name="${HAS_CHOICE_FIELD}" value="1">
  <details><summary>${{ en: 'It shows all reports. Choose some …', de: 'Er zeigt alle Berichte. Einige auswählen …' }}</summary>
  <fieldset class="checks"><legend>${{
    en: 'Beside views and visitors by day and hour, it shows',
    de: 'Neben Seitenaufrufen und Besuchern nach Tag und Stunde zeigt er',
  }}</legend>
  ${choices.map(({ name, text }) => checkbox(`${REPORT_FIELD}${name}`, text, true))}
  </fieldset></details>
  <button class="main-button" name="act" value="create">${{ en: 'Create link', de: 'Link erstellen' }}</button>
</form></section>`;
}

const YES = { en: 'yes', de: 'ja' };
const NO = { en: 'no', de: 'nein' };

const COLUMNS = [
  { en: 'Title', de: 'Titel' },
  { en: 'Shows', de: 'Zeigt' },
  { en: 'Password', de: 'Passwort' },
  { en: 'Until', de: 'Bis' },
  { en: 'In frames', de: 'In Frames' },
  '',
];

function shareRow(share: Share, { choices, action, nowMs }: Omit<SharesParts, 'shares'>): Html {
  const { id, title, password, untilMs, mayBeEmbedded, reports } = share;
  const chosen = choices.filter(({ name }) => isShared(share, name));
  const shown =
    reports === undefined ? { en: 'everything', de: 'alles' } : ['traffic', ...chosen.map(({ name }) => name)].join(', ');
  const until = untilMs === undefined ? '–' : asDay(untilMs);
  return html`<tr><td><bdi>${title}</bdi></td><td>${shown}</td><td>${password === undefined ? NO : YES}</td>
<td>${isOver(share, nowMs) ? { en: 'over', de: 'abgelaufen' } : until}</td><td>${mayBeEmbedded ? YES : NO}</td>
<td><form method="post" action="${action}"><input type="hidden" name="share" value="${id}">
<button class="quiet" name="act" value="revoke">${{ en: 'Revoke', de: 'Widerrufen' }}</button></form></td></tr>`;
}
