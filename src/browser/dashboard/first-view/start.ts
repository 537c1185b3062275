// Runs while the head of the page is read.

// The part of the address after the # is not sent to the server, which has rendered today: where the address asks for
// something else, those numbers are not shown.
if (location.hash.length > 1) document.documentElement.classList.add('other-view');

// The numbers that the server has rendered are painted before the page's script runs. A page in the background is not painted.
document.addEventListener('DOMContentLoaded', () => {
  if (document.hidden) runScript();
  else requestAnimationFrame(() => setTimeout(runScript));
});

function runScript(): void {
  void import((document.querySelector('link[rel=modulepreload]') as HTMLLinkElement).href);
}
