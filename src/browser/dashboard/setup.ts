// The first-run form: guesses what can be guessed, and leaves alone what was typed.
import { element } from './dom.js';

const ID_CHARACTERS_MAX = 63;

export function startSetup(): void {
  const timezone = element('timezone', HTMLInputElement);
  if (timezone.value === '') timezone.value = Intl.DateTimeFormat().resolvedOptions().timeZone;

  const title = element('title', HTMLInputElement);
  const id = element('id', HTMLInputElement);
  let idIsOurs = id.value === '';
  id.addEventListener('input', () => {
    idIsOurs = id.value === '';
  });
  title.addEventListener('input', () => {
    if (idIsOurs) id.value = idFrom(title.value);
  });
}

/** `Käthes Garten!` → `kathes-garten` */
function idFrom(title: string): string {
  return title
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, ID_CHARACTERS_MAX)
    .replaceAll(/^-+|-+$/g, '');
}
