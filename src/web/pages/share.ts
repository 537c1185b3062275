// What others see behind a share link before the reports, and the owner's list of the links.
import { isOver, type Share } from '../../people/shares.js';
import { checkbox, dataTable, field } from './form.js';
import { type Html, html } from './html.js';
import { page } from './layout.js';

/** The form is sent to the address of the page itself. */
export function sharePasswordPage(base: string, problem?: string): Html {
  return page({
    base,
    title: 'Hitherto',
    main: html`<main class="narrow">
<h1>This page needs a password</h1>
<form class="card form" method="post">
  ${field(
    {
      name: 'password',
      label: 'Password',
      type: 'password',
      hint: 'The person who sent you the link knows it.',
      attributes: html`required autocomplete="off"`,
    },
    problem === undefined ? [] : [{ field: 'password', message: problem }],
  )}
  <button class="main-button">Show the reports</button>
</form>
</main>`,
  });
}

export function shareOverPage(base: string): Html {
  return page({
    base,
    title: 'Hitherto',
    main: html`<main class="narrow"><h1>This link shows nothing any more</h1>
<p>It was revoked, or it has expired. Ask the person who sent it for another one.</p></main>`,
  });
}

export function sharesCard(shares: readonly Share[], action: string, nowMs: number): Html {
  return html`<section class="card"><h2>Share links</h2>
<p class="hint">Whoever has such a link sees the reports of this site, without an account, and can change nothing.</p>
${
  shares.length > 0 &&
  dataTable(
    'Share links',
    ['Title', 'Password', 'Until', 'In frames', ''],
    shares.map((share) => shareRow(share, action, nowMs)),
  )
}
<form method="post" action="${action}">
  ${field({
    name: 'shareTitle',
    label: 'Title of a new link',
    hint: 'Only shown here, so that you know whom it is for.',
    attributes: html`required maxlength="100" autocomplete="off"`,
  })}
  ${field({ name: 'password', label: 'Password (optional)', type: 'password', attributes: html`autocomplete="new-password"` })}
  ${field({
    name: 'days',
    label: 'Ends after days (optional)',
    type: 'number',
    attributes: html`min="1" max="3650"`,
  })}
  ${checkbox('mayBeEmbedded', 'Other sites may show it in a frame', false)}
  <button class="main-button" name="act" value="create">Create link</button>
</form></section>`;
}

function shareRow(share: Share, action: string, nowMs: number): Html {
  const { id, title, password, untilMs, mayBeEmbedded } = share;
  const until = untilMs === undefined ? '–' : new Date(untilMs).toISOString().slice(0, 10);
  return html`<tr><td><bdi>${title}</bdi></td><td>${password === undefined ? 'no' : 'yes'}</td>
<td>${isOver(share, nowMs) ? 'over' : until}</td><td>${mayBeEmbedded ? 'yes' : 'no'}</td>
<td><form method="post" action="${action}"><input type="hidden" name="share" value="${id}">
<button class="quiet" name="act" value="revoke">Revoke</button></form></td></tr>`;
}
