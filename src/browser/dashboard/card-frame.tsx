// The frame of every card: its title, its contents, and below them its links and as of when its numbers are.
import type { ComponentChildren, Ref } from 'preact';
import type { Origin } from './card.js';
import { rangeName, timeName } from './format.js';
import { useListPage } from './list-page.js';
import { CARDS } from './texts.js';

interface Props {
  readonly title: string;
  /** A class of its own. */
  readonly look: string;
  readonly origin?: Origin | undefined;
  /** Links and buttons. */
  readonly under?: ComponentChildren;
  readonly root?: Ref<HTMLElement>;
  readonly children: ComponentChildren;
}

export function CardFrame({ title, look, origin, under, root, children }: Props) {
  return (
    <section {...(root && { ref: root })} class={`card ${look}`}>
      <h2 tabindex={-1}>{title}</h2>
      <button type="button" class="skip small-button" onClick={({ currentTarget }) => skip(currentTarget)}>
        {CARDS.skip(title)}
      </button>
      {children}
      <div class="under">
        {under}
        {origin && <AsOf {...origin} />}
      </div>
    </section>
  );
}

/** Only people who use the keyboard see the button: it moves the focus to the next card. */
function skip(button: HTMLElement): void {
  const titles = [...document.querySelectorAll<HTMLElement>('.card > h2[tabindex]')];
  const next = titles[titles.findIndex((title) => title.parentElement === button.parentElement) + 1];
  (next ?? document.querySelector<HTMLElement>('#page ~ * a, #page ~ * summary'))?.focus();
}

/** Numbers that are at most this much older than those of the page are as of the same time. */
const SAME_MS = 60_000;

function AsOf({ from, asOf }: Origin) {
  const { loaded, clock } = useListPage();
  const newest = loaded.value?.answers.traffic.asOf ?? asOf;
  if (Date.parse(newest) - Date.parse(asOf) <= SAME_MS) return null;
  const at = new Date(asOf);
  const [day, today] = [clock.day(at), clock.day(new Date(newest))];
  const shown = timeName(clock.time(at));
  const time = day === today ? shown : `${rangeName({ from: day, to: day }, today)}, ${shown}`;
  return (
    <span class="as-of" title={CARDS.from[from]}>
      {CARDS.asOf(time)}
    </span>
  );
}
