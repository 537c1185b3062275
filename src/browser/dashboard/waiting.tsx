// Shown for a site that nobody has viewed yet: the snippet, and why hits that arrived were not counted.
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Refusals } from './answers.js';
import { fetchReport } from './fetch.js';
import { number, reasonName } from './format.js';
import type { Loaded } from './loaded.js';
import { type Settings, useSite } from './state.js';
import { ADVICE, WAITING } from './texts.js';

/** Hits of this period are listed, since a new site is not waited for any longer. */
const PERIOD = 'year';

export function Waiting({ loaded }: { loaded: Loaded | undefined }) {
  const { settings, isWaiting, failed } = useSite();
  const refusals = useSignal<Refusals | undefined>(undefined);
  const snippets = useRef<HTMLDivElement>(null);
  const isShown = isWaiting.value;

  useLayoutEffect(() => {
    const template = document.getElementById('snippets');
    if (template instanceof HTMLTemplateElement) snippets.current?.append(template.content.cloneNode(true));
  }, []);
  // asks again whenever the page has loaded its reports
  useEffect(() => {
    if (!isShown) return;
    fetchReport<Refusals>(settings.site, 'refusals', { period: PERIOD }).then((answer) => {
      refusals.value = answer;
    }, failed);
  }, [isShown, loaded]);

  return (
    <section id="waiting" class="card" hidden={!isShown}>
      <h2>{WAITING.title}</h2>
      <Refused refusals={refusals.value} />
      <div ref={snippets} />
      <p class="hint">
        {WAITING.hint} <code>data-site="{settings.site}"</code>
        {WAITING.hintEnd}
      </p>
    </section>
  );
}

function Refused({ refusals }: { refusals: Refusals | undefined }) {
  const { settings } = useSite();
  const hits = refusals?.total.refused ?? 0;
  return (
    <div id="waiting-refused" role="status" hidden={hits === 0}>
      <p>{hits > 0 && WAITING.refused(hits, number(hits))}</p>
      <ul>
        {refusals?.rows.map(({ key, hits }) => {
          const advice = adviceOf(key, settings);
          return (
            <li key={key}>
              <strong>{WAITING.reason(number(hits), reasonName(key))}</strong>
              {advice?.text}
              {advice?.typed !== undefined && <code>{advice.typed}</code>}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

const EXAMPLE = 'www.example.com';

interface Advice {
  readonly text: string;
  /** A command, or code for the site's pages. */
  readonly typed?: string;
}

function adviceOf(reason: string, { site, hosts }: Settings): Advice | undefined {
  const set = (option: string) => `hitherto site set ${site} ${option}`;
  const all = hosts.length === 0 ? [EXAMPLE] : hosts;
  const withHost = (more: string) => set([...all, more].map((host) => `--host ${host}`).join(' '));
  switch (reason) {
    case 'bot':
      return { text: ADVICE.bot };
    case 'foreign-host':
      return { text: ADVICE.foreignHost(all.join(', ')), typed: withHost(EXAMPLE) };
    case 'local-page':
      return { text: ADVICE.localPage, typed: withHost('localhost') };
    case 'excluded-address':
      return { text: ADVICE.excludedAddress, typed: set('--exclude ""') };
    case 'excluded-path':
      return { text: ADVICE.excludedPath, typed: set('--exclude-path ""') };
    case 'prefetch':
      return { text: ADVICE.prefetch };
    case 'stale-ping':
      return { text: ADVICE.stalePing };
    case 'bad-event':
      return { text: ADVICE.badEvent, typed: "hitherto('event', 'sign up')" };
    default:
      return undefined;
  }
}
