// The first-run form: guesses the time zone and the id, and leaves alone what was typed.

const ID_CHARACTERS_MAX = 63;

export function startSetup(): void {
  const timezone = input('timezone');
  if (timezone.value === '') timezone.value = Intl.DateTimeFormat().resolvedOptions().timeZone;

  const title = input('title');
  const id = input('id');
  let isGuessed = id.value === '';
  id.addEventListener('input', () => {
    isGuessed = id.value === '';
  });
  title.addEventListener('input', () => {
    if (isGuessed) id.value = idFrom(title.value);
  });
}

function input(id: string): HTMLInputElement {
  const found = document.getElementById(id);
  if (!(found instanceof HTMLInputElement)) throw new Error(`the page has no input "${id}"`);
  return found;
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
