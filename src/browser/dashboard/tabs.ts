// A row of buttons of which one is pressed.
import { make } from './dom.js';

export interface Tabs {
  readonly root: HTMLElement;
  /** Hidden where there is nothing to choose. */
  show(names: readonly string[], chosen: string): void;
}

/** `label` is for those who do not see what it stands beside. */
export function createTabs(label: string, choose: (name: string) => void, look: 'tabs' | 'toggle' = 'tabs'): Tabs {
  const root = make('div', { class: look, role: 'group', 'aria-label': label, hidden: '' });
  let names: readonly string[] = [];

  const button = (name: string): HTMLElement => {
    const made = make('button', { type: 'button' }, name);
    made.addEventListener('click', () => choose(name));
    return made;
  };

  return {
    root,
    show(next, chosen) {
      if (next.join() !== names.join()) root.replaceChildren(...next.map(button));
      names = next;
      root.hidden = names.length < 2;
      for (const made of root.children) made.setAttribute('aria-pressed', String(made.textContent === chosen));
    },
  };
}
