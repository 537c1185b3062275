// Keeps the answer to "Is it installed?" up to date: asks for the page that has it, and takes over what has changed.

const ASK_EVERY_MS = 2_000;
/** After some minutes, nobody is waiting in front of the page. */
const OFTEN_MAX = 150;
const ASK_LATER_MS = 30_000;

export function startInstallation(): void {
  const address = document.getElementById('installation')?.dataset.address;
  if (address === undefined) return;
  const shown = [...document.querySelectorAll('[data-live]')];
  // not what the elements contain now: somebody may have opened a part of it
  const known = new Map(shown.map(({ id, innerHTML }) => [id, innerHTML]));
  const takeOver = (next: Document): void => {
    for (const element of shown) {
      const newer = next.getElementById(element.id);
      if (newer === null || newer.innerHTML === known.get(element.id)) continue;
      known.set(element.id, newer.innerHTML);
      element.replaceChildren(...newer.childNodes);
    }
  };

  let asked = 0;
  const askLater = (): void => {
    setTimeout(ask, asked++ < OFTEN_MAX ? ASK_EVERY_MS : ASK_LATER_MS);
  };
  const ask = (): void => {
    if (document.hidden) {
      askLater();
      return;
    }
    // the browser's own parser, since `requireTrustedTypesFor` forbids to make markup of a text
    const request = new XMLHttpRequest();
    request.responseType = 'document';
    request.addEventListener('load', () => {
      if (request.status === 200 && request.responseXML !== null) takeOver(request.responseXML);
    });
    request.addEventListener('loadend', () => {
      if (request.status < 400 || request.status >= 500) askLater(); // otherwise signed out, or the site was deleted
    });
    request.open('GET', address);
    request.send();
  };
  askLater();
}
