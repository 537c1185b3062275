// The first run: a form that creates a site and a token, and a page that shows both once.

import type { Site } from '../../hit/site.js';
import { type Problem, TIMEZONES } from '../../store/account-rules.js';
import { basePathOf } from '../base-path.js';
import { type Html, html } from './html.js';
import { page } from './layout.js';
import { snippets } from './snippet.js';

/** As typed. */
export interface SetupFields {
  readonly title: string;
  readonly id: string;
  readonly timezone: string;
  readonly hosts: string;
}

export const EMPTY_SETUP: SetupFields = { title: '', id: '', timezone: '', hosts: '' };

const AS_TYPED = html`autocomplete="off" autocapitalize="none" spellcheck="false"`;

export function setupPage(base: string, setupPath: string, typed: SetupFields, problems: readonly Problem[]): Html {
  const field = (name: keyof SetupFields, label: string, hint: string, attributes: Html): Html => {
    const wrong = problems.filter((problem) => problem.field === name);
    const isWrong = wrong.length > 0;
    return html`<div class="field">
    <label for="${name}">${label}</label>
    <input id="${name}" name="${name}" value="${typed[name]}" ${attributes}
      aria-describedby="${isWrong && `${name}-problem `}${name}-hint"${isWrong && html` aria-invalid="true"`}>
    ${isWrong && html`<p class="problem" id="${name}-problem">${wrong.map(({ message }) => message).join(' ')}</p>`}
    <p class="hint" id="${name}-hint">${hint}</p>
  </div>`;
  };
  return page({
    base,
    title: 'Set up – Hitherto',
    script: 'setup',
    main: html`<main class="narrow">
<h1>Your first site</h1>
<p>Nothing is counted yet. Describe your site; you can change everything but the id later.</p>
<form class="card form" method="post" action="${base}${setupPath}">
  ${field('title', 'Title', 'The name of the site.', html`required maxlength="200" autocomplete="off"`)}
  ${field(
    'id',
    'Id',
    'Used in your pages and in addresses: lower-case letters, digits and hyphens.',
    html`required maxlength="63" placeholder="my-site" ${AS_TYPED}`,
  )}
  ${field(
    'timezone',
    'Time zone',
    'Determines when the site’s days begin and end.',
    html`required list="zones" placeholder="Europe/Berlin" ${AS_TYPED}`,
  )}
  ${field(
    'hosts',
    'Host names (optional)',
    'Only pages on these hosts are counted, with or without www. Separate several with spaces; ' +
      '*.example.com stands for every name below example.com. Leave it empty to count any host.',
    html`placeholder="example.com" ${AS_TYPED}`,
  )}
  <datalist id="zones">${TIMEZONES.map((name) => html`<option value="${name}">`)}</datalist>
  <button class="main-button">Create site</button>
</form>
</main>`,
  });
}

export function setupDonePage(site: Site, secret: string, publicUrl: string): Html {
  const base = basePathOf(publicUrl);
  return page({
    base,
    title: `${site.title} – Hitherto`,
    main: html`<main class="narrow">
<h1><bdi>${site.title}</bdi> is ready</h1>
<section class="card">
<h2>1. Keep this token</h2>
<p>It is shown only once. Use it to sign in elsewhere and to read the API. You are signed in here already.</p>
<input class="snippet" readonly value="${secret}" spellcheck="false" aria-label="Your token">
</section>
<section class="card">
<h2>2. Add the snippet to your pages</h2>
${snippets(site, publicUrl)}
</section>
<p><a class="main-button" href="${base}/sites/${site.id}">Go to the site’s page</a></p>
</main>`,
  });
}
