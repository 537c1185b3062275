// The list of the keys, which one of them shows.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { FIELD_KEYS, HELP_KEY, KEYS as OF_PERIODS, WALL_KEY } from './choices.js';
import { PERIODS } from './ranges.js';
import { useSite } from './state.js';
import { DIALOGS, KEYS, PERIODS as NAMES } from './texts.js';

export function KeysDialog() {
  return useSite().isHelpOpen.value ? <Dialog /> : null;
}

function Dialog() {
  const { isHelpOpen } = useSite();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const close = (): void => dialog.current?.close();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the key that closes it is Escape, as in every dialog
    <dialog
      ref={dialog}
      id="keys"
      class="panel"
      aria-labelledby="keys-title"
      onClose={() => {
        isHelpOpen.value = false;
      }}
      onClick={({ target, currentTarget }) => target === currentTarget && close()}
    >
      <div class="panel-head">
        <h2 id="keys-title">{KEYS.title}</h2>
        <button type="button" class="quiet" aria-label={DIALOGS.close} autofocus onClick={close}>
          ✕
        </button>
      </div>
      <p class="hint">{KEYS.intro}</p>
      <dl class="keys">
        {PERIODS.map((name) => OF_PERIODS[name] && <Key key={name} name={OF_PERIODS[name]} does={NAMES[name]} />)}
        <Key name={FIELD_KEYS.period} does={KEYS.period} />
        <Key name="←" does={KEYS.earlier} />
        <Key name="→" does={KEYS.later} />
        <Key name={FIELD_KEYS.compare} does={KEYS.compare} />
        <Key name={FIELD_KEYS.switcher} does={KEYS.site} />
        <Key name="← →" does={KEYS.chart} />
        <Key name={KEYS.enterKey} does={KEYS.open} />
        <Key name={WALL_KEY} does={KEYS.wall} />
        <Key name={HELP_KEY} does={KEYS.help} />
        <Key name={KEYS.escapeKey} does={KEYS.escape} />
      </dl>
    </dialog>
  );
}

function Key({ name, does }: { name: string; does: string }) {
  return (
    <div>
      <dt>
        <kbd>{name}</kbd>
      </dt>
      <dd>{does}</dd>
    </div>
  );
}
