// Waits for the answer to "Is it installed?": asks for the page that has it, and takes over what has changed, until hits are
// counted.

const ASK_EVERY_MS = 2_000;
/** After some minutes, nobody is waiting in front of the page. */
const OFTEN_MAX = 150;
const ASK_LATER_MS = 30_000;

export function startInstallation(): void {
  const { address, answered } = document.getElementById('installation')?.dataset ?? {};
  if (address === undefined || answered !== undefined) return;
  const shown = [...document.querySelectorAll('[data-live]')];
  let isAnswered = false;
  const takeOver = (next: Document): void => {
    isAnswered = next.getElementById('installation')?.dataset.answered !== undefined;
    for (const element of shown) {
      const newer = next.getElementById(element.id);
      // a screen reader reads what is replaced
      if (newer !== null && newer.innerHTML !== element.innerHTML) element.replaceChildren(...newer.childNodes);
    }
  };

  let asked = 0;
  const askLater = (): void => {
    setTimeout(ask, asked++ < OFTEN_MAX ? ASK_EVERY_MS : ASK_LATER_MS);
  };
  const ask = (): void => {
    if (document.hidden) {
      setTimeout(ask, ASK_EVERY_MS);
      return;
    }
    // the browser's own parser, since `requireTrustedTypesFor` forbids to make markup of a text
    const request = new XMLHttpRequest();
    request.responseType = 'document';
    request.addEventListener('load', () => {
      if (request.status === 200 && request.responseXML !== null) takeOver(request.responseXML);
    });
    request.addEventListener('loadend', () => {
      const isOver = request.status >= 400 && request.status < 500; // signed out, or the site was deleted
      if (!isAnswered && !isOver) askLater();
    });
    request.open('GET', address);
    request.send();
  };
  askLater();
}
