// The head of the page: the site's name, its time, whether the page is live, and the choice of period and comparison.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { COMPARISONS, PERIODS } from './address.js';
import { KEYS } from './choices.js';
import { useSite } from './state.js';
import { HEAD, PERIODS as PERIOD_NAMES } from './texts.js';

/** Its minute is never late by more than this. */
const TICK_MS = 5_000;

export function Head() {
  const { settings, connection } = useSite();
  const { text, isLive } = connection.value;
  return (
    <div class="head">
      <div>
        <h1>
          <bdi>{settings.title}</bdi>
        </h1>
        <p class="zone">
          {HEAD.timesIn} <strong>{settings.timezone}</strong>
          <Clock />{' '}
          <span class={isLive ? 'state is-live' : 'state'} id="state" role="status">
            {text}
          </span>
        </p>
      </div>
      <Choices />
    </div>
  );
}

function Clock() {
  const { clock } = useSite();
  const time = useSignal(clock.time(new Date()));
  useEffect(() => {
    const timer = setInterval(() => {
      time.value = clock.time(new Date());
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [clock, time]);
  return <span id="clock"> {HEAD.clock(time.value)}</span>;
}

function Choices() {
  const { address, choose } = useSite();
  const { shown, comparison } = address.value;
  return (
    <div class="choices">
      <label class="compare">
        {HEAD.compareWith}{' '}
        <select
          id="compare"
          value={comparison}
          onChange={({ currentTarget }) => {
            choose({ comparison: COMPARISONS.find((name) => name === currentTarget.value) ?? 'previous' });
          }}
        >
          {COMPARISONS.map((name) => (
            <option key={name} value={name}>
              {HEAD.comparisons[name]}
            </option>
          ))}
        </select>
      </label>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would be laid out in another way */}
      <div class="toggle" role="group" aria-label={HEAD.period}>
        {PERIODS.map((name) => (
          <button
            type="button"
            key={name}
            id={`show-${name}`}
            aria-pressed={name === shown}
            aria-keyshortcuts={KEYS[name]}
            onClick={() => choose({ shown: name })}
          >
            {PERIOD_NAMES[name]} <kbd>{KEYS[name]}</kbd>
          </button>
        ))}
      </div>
    </div>
  );
}
