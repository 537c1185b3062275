// Runs before the page is painted.

// The part of the address after the # is not sent to the server, which has rendered today: where the address asks for
// something else, those numbers are not shown.
if (location.hash.length > 1) document.documentElement.classList.add('other-view');

// The numbers that the server has rendered are painted before the page's script runs. A page in the background is not painted.
document.addEventListener('DOMContentLoaded', () => {
  if (document.hidden) run();
  else requestAnimationFrame(() => setTimeout(run));
});

function run(): void {
  void import((document.querySelector('link[rel=modulepreload]') as HTMLLinkElement).href);
}
