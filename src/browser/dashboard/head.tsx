// The head of the page: the site's name, its time, whether the page is live, and the choice of period and comparison.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { HELP_KEY } from './choices.js';
import { Compare } from './compare.js';
import { timeName } from './format.js';
import { Periods, Steps } from './periods.js';
import { useSite } from './state.js';
import { HEAD, KEYS } from './texts.js';

/** Its minute is never late by more than this. */
const TICK_MS = 5_000;

export function Head() {
  const { settings, connection, address } = useSite();
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
        {address.value.isWrong && (
          <p class="problem" role="status">
            {HEAD.wrongRange}
          </p>
        )}
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
  return <span id="clock"> {HEAD.clock(timeName(time.value))}</span>;
}

function Choices() {
  const { isHelpOpen } = useSite();
  return (
    <div class="choices">
      <Periods />
      <Steps />
      <Compare />
      <button
        type="button"
        class="quiet help"
        title={KEYS.title}
        aria-label={KEYS.title}
        aria-haspopup="dialog"
        aria-keyshortcuts={HELP_KEY}
        onClick={() => {
          isHelpOpen.value = true;
        }}
      >
        <kbd>{HELP_KEY}</kbd>
      </button>
    </div>
  );
}
