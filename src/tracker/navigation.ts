// Views that come without a new document: a page's own navigation, and a page that comes back as it was left.
import { safely } from './safely.js';

/** In-page navigation changes the address first and the title later. */
const TITLE_DELAY_MS = 100;

/** `moved` is called a little after the address may have changed, `returned` when the page is back from the back-forward cache. */
export function follow(moved: () => void, returned: () => void): void {
  const later = safely(() => setTimeout(safely(moved), TITLE_DELAY_MS));
  addEventListener('popstate', later);
  addEventListener(
    'pageshow',
    safely((shown) => shown.persisted && returned()),
  );
  (['pushState', 'replaceState'] as const).forEach(
    safely((method) => {
      const original = history[method];
      if (original) {
        history[method] = function (this: History, ...args) {
          later();
          return original.apply(this, args);
        };
      }
    }),
  );
}
