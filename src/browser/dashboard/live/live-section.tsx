// What happens on the site now: views by minute, the pages and sources of the last minutes, and the newest hits.
import { addressOf } from '../address.js';
import { timeName } from '../format.js';
import { PageName } from '../labels.js';
import { useSite } from '../state.js';
import { JUST_NOW, LIVE } from '../texts.js';
import type { NumberedHit } from './latest.js';
import { LatestRows } from './latest-rows.js';
import { MinuteChart } from './minute-chart.js';
import { WallButton } from './wall-button.js';

/** How many of the newest hits are shown. */
const HITS_MAX = 6;
const ROWS_MAX = 5;

export function LiveSection() {
  const { live, settings } = useSite();
  if (!settings.shows('live')) return null;
  const hits = live.latest.value.hits.slice(-HITS_MAX).reverse();
  return (
    <section class="card just-now" aria-labelledby="just-now-title" id="just-now">
      <div class="live-head">
        <h2 id="just-now-title">{JUST_NOW.title}</h2>
        <WallButton />
      </div>
      <div class="live-parts">
        <MinuteChart />
        <LatestRows
          title={LIVE.pages}
          max={ROWS_MAX}
          keyOf={({ path }) => path}
          labelOf={(path) => <PageLink path={path} />}
          empty={LIVE.noPages}
        />
        <LatestRows
          title={LIVE.sources}
          max={ROWS_MAX}
          keyOf={({ source }) => source}
          labelOf={(source) => <bdi>{source}</bdi>}
          isLeftOut={(source) => source === ''}
          empty={LIVE.noSources}
        />
      </div>
      <ol id="just-now-rows">
        {hits.map((hit) => (
          <HitRow key={hit.number} hit={hit} />
        ))}
        {hits.length === 0 && <li class="empty">{LIVE.nothing}</li>}
      </ol>
    </section>
  );
}

/** Opens what was counted of a page. */
function PageLink({ path }: { path: string }) {
  const { address, settings } = useSite();
  if (!settings.shows('pages')) return <PageName path={path} />;
  return (
    <a href={addressOf({ ...address.value, page: path })}>
      <PageName path={path} />
    </a>
  );
}

function HitRow({ hit: { atMs, path, title, source, browser, platform, event } }: { hit: NumberedHit }) {
  const { clock } = useSite();
  const at = new Date(atMs);
  return (
    <li>
      <time dateTime={at.toISOString()}>{timeName(clock.seconds(at))}</time>
      <span class="key" title={title || undefined}>
        {event === '' ? path || JUST_NOW.unknownPage : JUST_NOW.event(event, path || JUST_NOW.unknownPageOfEvent)}
      </span>
      <span class="from">{source !== '' && JUST_NOW.from(source)}</span>
      <span class="with">{JUST_NOW.with(browser, platform)}</span>
    </li>
  );
}
