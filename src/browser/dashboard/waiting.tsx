// Shown for a site that nobody has viewed yet: the snippet, and why hits that arrived were not counted.
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { adviceOn, REFUSALS_DE, REFUSALS_EN, reasonName } from '../../hit/refusal-texts.js';
import type { Refusals } from './answers.js';
import { fetchReport } from './fetch.js';
import { number } from './format.js';
import type { Loaded } from './loaded.js';
import { useSite } from './state.js';
import { WAITING } from './texts.js';

const REFUSALS = { en: REFUSALS_EN, de: REFUSALS_DE }[LANGUAGE];

/** Hits of this period are listed, since a new site is not waited for any longer. */
const PERIOD = 'year';

export function Waiting({ loaded }: { loaded: Loaded | undefined }) {
  const { settings, isWaiting, failed } = useSite();
  const refusals = useSignal<Refusals | undefined>(undefined);
  const snippets = useRef<HTMLDivElement>(null);
  const isShown = isWaiting.value;

  useLayoutEffect(() => {
    const [template, place] = [document.getElementById('snippets'), snippets.current];
    // the server puts them there itself
    if (place?.childElementCount === 0 && template instanceof HTMLTemplateElement) place.append(template.content.cloneNode(true));
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
      <div ref={snippets} data-place="snippets" />
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
          const advice = adviceOn(key, settings.hosts, REFUSALS);
          return (
            <li key={key}>
              <strong>{WAITING.reason(number(hits), reasonName(key, REFUSALS))}</strong>
              {advice !== undefined && `: ${advice}`}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
