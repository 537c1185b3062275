// The buttons that copy a secret, a link or a snippet: see `copyable` in web/pages/form.ts.

const SHOWN_MS = 2_000;

/** Also for those that are added to the page later. */
export function startCopying(): void {
  document.addEventListener('click', ({ target }) => {
    const button = target instanceof Element && target.closest<HTMLElement>('.copyable .copy');
    if (button) copy(button);
  });
}

function copy(button: HTMLElement): void {
  const [text, status] = [button.previousElementSibling, button.nextElementSibling];
  if (!(text instanceof HTMLTextAreaElement) || status === null) return;
  text.select();
  // navigator.clipboard is missing on a service without https
  if (!document.execCommand('copy')) return; // it is selected, so a key can copy it
  button.focus();
  const { textContent: before } = button;
  const copied = button.dataset.copied ?? '';
  if (before === copied) return;
  button.textContent = status.textContent = copied;
  setTimeout(() => {
    button.textContent = before;
    status.textContent = '';
  }, SHOWN_MS);
}
