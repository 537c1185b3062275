// The wall: a few large numbers that can be read from across a room. It covers the page until Escape is pressed.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { number, timeName } from '../format.js';
import type { Loaded } from '../loaded.js';
import { NUMBERS, onlineIn, valueText } from '../numbers.js';
import { periodName } from '../period-names.js';
import { useSite } from '../state.js';
import { DIALOGS, LIVE, NUMBERS as NUMBER_TEXTS, UNKNOWN } from '../texts.js';
import { keepScreenOn, leaveFullScreen } from './full-screen.js';
import { LatestRows } from './latest-rows.js';
import { MinuteChart } from './minute-chart.js';
import { WALL_BUTTON } from './wall-button.js';

/** Which numbers of the page it shows. */
const SHOWN: readonly string[] = ['views', 'visitors'];
const PAGES_MAX = 8;
/** The pointer is hidden when it has not moved for this long. */
const POINTER_MS = 2_000;

export function Wall({ loaded }: { loaded: Loaded | undefined }) {
  return useSite().address.value.wall ? <OpenWall loaded={loaded} /> : null;
}

function OpenWall({ loaded }: { loaded: Loaded | undefined }) {
  const { settings, choose, connection } = useSite();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    dialog.current?.showModal();
    // Escape leaves the full screen first, and the wall with it
    const changed = (): void => {
      if (document.fullscreenElement === null) dialog.current?.close();
    };
    document.addEventListener('fullscreenchange', changed);
    return () => {
      document.removeEventListener('fullscreenchange', changed);
      leaveFullScreen();
      // after a reload, the browser does not know what opened it
      queueMicrotask(() => {
        if (document.activeElement === document.body) document.getElementById(WALL_BUTTON)?.focus({ preventScroll: true });
      });
    };
  }, []);
  useEffect(keepScreenOn, []);
  useEffect(() => hidePointer(dialog.current as HTMLDialogElement), []);
  const { text, isLive } = connection.value;
  return (
    <dialog ref={dialog} id="wall" class="wall" aria-labelledby="wall-title" onClose={() => choose({ wall: false })}>
      <div class="wall-head">
        <h2 id="wall-title">
          <bdi>{settings.title}</bdi>
        </h2>
        <WallTime />
        <span class={isLive ? 'state is-live' : 'state'} role="status">
          {text}
        </span>
        <button type="button" class="quiet wall-close" aria-label={DIALOGS.close} onClick={() => dialog.current?.close()}>
          ✕
        </button>
      </div>
      <WallNumbers loaded={loaded} />
      {settings.shows('live') && (
        <div class="wall-parts">
          <MinuteChart />
          <LatestRows
            title={LIVE.pages}
            max={PAGES_MAX}
            keyOf={({ path }) => path}
            labelOf={(path) => <bdi>{path || UNKNOWN}</bdi>}
            empty={LIVE.noPages}
          />
        </div>
      )}
    </dialog>
  );
}

function WallNumbers({ loaded }: { loaded: Loaded | undefined }) {
  const { settings, traffic, address } = useSite();
  const period = loaded && periodName(address.value.shown, loaded.now.day);
  const error = traffic.value?.total.error;
  const online = loaded && settings.shows('minutes') ? onlineIn(loaded.answers).value : UNKNOWN;
  return (
    <dl class="wall-numbers">
      {NUMBERS.filter(({ name }) => SHOWN.includes(name)).map((one) => (
        <div key={one.name} class={`number ${one.name}`}>
          <dt class="label">
            {one.label} <span class="hint">{period}</span>
          </dt>
          <dd class="value">{valueText(one, loaded, traffic.value)}</dd>
          {one.name === 'visitors' && error !== undefined && (
            <dd class="error" title={NUMBER_TEXTS.visitorsError}>
              ± {number(error)}
            </dd>
          )}
        </div>
      ))}
      {settings.shows('minutes') && (
        <div class="number online">
          <dt class="label">{NUMBER_TEXTS.online}</dt>
          <dd class="value">{online}</dd>
        </div>
      )}
    </dl>
  );
}

function WallTime() {
  const { live, clock } = useSite();
  const now = new Date(live.nowMs.value);
  return <time dateTime={now.toISOString()}>{timeName(clock.time(now))}</time>;
}

/** Shows the pointer and the button while the pointer moves. */
function hidePointer(wall: HTMLElement): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const moved = (): void => {
    wall.classList.remove('is-still');
    clearTimeout(timer);
    timer = setTimeout(() => wall.classList.add('is-still'), POINTER_MS);
  };
  moved();
  wall.addEventListener('pointermove', moved);
  return () => {
    clearTimeout(timer);
    wall.removeEventListener('pointermove', moved);
  };
}
