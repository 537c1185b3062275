// What is chosen at the end of a page. Without this script, the forms there load the page again: see web/pages/layout.ts.

/** Colours change at once, so that the page keeps its place. Another language loads the page with what stands after the #. */
export function startFoot(): void {
  document.querySelector('.foot')?.addEventListener('submit', (event) => {
    const { target, submitter } = event as SubmitEvent;
    const form = target as HTMLFormElement;
    form.action = form.action.replace(/#.*|$/, location.hash);
    const { name, value } = submitter as HTMLButtonElement;
    if (name !== 'theme' || form.method !== 'post') return;
    event.preventDefault();
    document.documentElement.dataset.theme = value;
    for (const one of form.querySelectorAll('button')) one.ariaPressed = String(one === submitter);
    const body = new URLSearchParams({ theme: value });
    fetch(form.action, { method: 'POST', body, redirect: 'manual', keepalive: true }).catch(() => {});
  });
}
