// The choice of another site at the top of a page: a list of all sites, or with many of them a field with suggestions.
import { basePath, fetchJson } from '../fetch.js';

interface Named {
  readonly id: string;
  readonly title: string;
}

export function startSwitcher(): void {
  const switcher = document.getElementById('switcher');
  const go = (id: string): void => location.assign(`${basePath()}/sites/${encodeURIComponent(id)}`);
  if (switcher instanceof HTMLSelectElement) switcher.addEventListener('change', () => go(switcher.value));
  if (switcher instanceof HTMLInputElement) startField(switcher, go);
}

/** The sites are read when the field is used for the first time, and shown by the browser's own list of suggestions. */
function startField(field: HTMLInputElement, go: (id: string) => void): void {
  const byName = new Map<string, string>();
  field.addEventListener(
    'focus',
    async () => {
      const { sites } = await fetchJson<{ readonly sites: readonly Named[] }>(`${basePath()}/api/v1/sites`);
      for (const { id, title } of sites) {
        const name = byName.has(title) || title === '' ? `${title} (${id})` : title;
        byName.set(name, id);
      }
      field.list?.replaceChildren(...[...byName].map(([name, id]) => new Option(id, name)));
    },
    { once: true },
  );
  const chosen = (): void => {
    const id = byName.get(field.value) ?? [...byName.values()].find((one) => one === field.value.trim());
    if (id !== undefined) go(id);
  };
  field.addEventListener('input', (event) => {
    // a suggestion was chosen: typing inserts text
    if (!(event instanceof InputEvent) || event.inputType === 'insertReplacementText') chosen();
  });
  field.addEventListener('change', chosen);
}
