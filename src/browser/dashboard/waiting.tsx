// Shown for a site that nobody has viewed yet: the snippet, and why hits that arrived were not counted.
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { type Advice, adviceOn, REASONS_DE, REASONS_EN, reasonName } from '../../hit/refusal-texts.js';
import type { Refusals } from './answers.js';
import { fetchReport } from './fetch.js';
import { number } from './format.js';
import type { Loaded } from './loaded.js';
import { useSite } from './state.js';
import { WAITING } from './texts.js';

const REASONS = { en: REASONS_EN, de: REASONS_DE }[LANGUAGE];

/** Hits of this period are listed, since a new site is not waited for any longer. */
const PERIOD = 'year';

export function Waiting({ loaded }: { loaded: Loaded | undefined }) {
  const { settings, isWaiting, failed } = useSite();
  const refusals = useSignal<Refusals | undefined>(undefined);
  const advice = useRef<Advice>({});
  const snippets = useRef<HTMLDivElement>(null);
  const isShown = isWaiting.value;

  useLayoutEffect(() => {
    const [template, place] = [document.getElementById('snippets'), snippets.current];
    if (!(template instanceof HTMLTemplateElement)) return; // the site has been viewed
    advice.current = JSON.parse(template.dataset.advice as string) as Advice;
    // in its first view, the server puts them there itself
    if (place?.childElementCount === 0) place.append(template.content.cloneNode(true));
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
      <Refused refusals={refusals.value} advice={advice.current} />
      <div ref={snippets} data-place="snippets" />
      <p class="hint">
        {WAITING.hint} <code>data-site="{settings.site}"</code>
        {WAITING.hintEnd}
      </p>
    </section>
  );
}

function Refused({ refusals, advice }: { refusals: Refusals | undefined; advice: Advice }) {
  const hits = refusals?.total.refused ?? 0;
  return (
    <div id="waiting-refused" role="status" hidden={hits === 0}>
      <p>{hits > 0 && WAITING.refused(hits, number(hits))}</p>
      <ul>
        {refusals?.rows.map(({ key, hits }) => {
          const toDo = adviceOn(key, advice);
          return (
            <li key={key}>
              <strong>{WAITING.reason(number(hits), reasonName(key, REASONS))}</strong>
              {toDo !== undefined && `: ${toDo}`}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
