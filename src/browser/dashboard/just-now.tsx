// The newest hits, as they come while the page is open.
import type { LiveHit } from '../../sharing/feed.js';
import { useSite } from './state.js';
import { JUST_NOW } from './texts.js';

export function JustNow() {
  const hits = useSite().hits.value;
  return (
    <section class="card just-now" aria-labelledby="just-now-title" id="just-now" hidden={hits.length === 0}>
      <h2 id="just-now-title">{JUST_NOW.title}</h2>
      <ol id="just-now-rows">
        {hits.map((hit) => (
          <HitRow key={hit.number} hit={hit} />
        ))}
      </ol>
    </section>
  );
}

function HitRow({ hit: { atMs, path, title, source, browser, platform, event } }: { hit: LiveHit }) {
  const { clock } = useSite();
  const at = new Date(atMs);
  return (
    <li>
      <time dateTime={at.toISOString()}>{clock.seconds(at)}</time>
      <span class="key" title={title || undefined}>
        {event === '' ? path || JUST_NOW.unknownPage : JUST_NOW.event(event, path || JUST_NOW.unknownPageOfEvent)}
      </span>
      <span class="from">{source !== '' && JUST_NOW.from(source)}</span>
      <span class="with">{JUST_NOW.with(browser, platform)}</span>
    </li>
  );
}
