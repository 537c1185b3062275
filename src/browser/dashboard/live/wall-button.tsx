import { WALL_KEY } from '../choices.js';
import { useSite } from '../state.js';
import { LIVE } from '../texts.js';
import { enterFullScreen } from './full-screen.js';

/** Its id. */
export const WALL_BUTTON = 'wall-button';

export function WallButton() {
  const { choose } = useSite();
  return (
    <button
      type="button"
      id={WALL_BUTTON}
      class="quiet"
      title={LIVE.wallTitle}
      aria-keyshortcuts={WALL_KEY}
      onClick={() => {
        choose({ wall: true });
        enterFullScreen();
      }}
    >
      {LIVE.wall} <kbd>{WALL_KEY}</kbd>
    </button>
  );
}
