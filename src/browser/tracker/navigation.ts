// Views that come without a new document: a page's own navigation, and a page that comes back as it was left.
import { safely } from './safely.js';

/**
 * `moved`, which must not throw, is called when the address may have changed, `returned` when the page is back from
 * the back-forward cache.
 */
export function follow(moved: () => void, returned: () => void): void {
  addEventListener('popstate', moved);
  addEventListener(
    'pageshow',
    safely((shown) => shown.persisted && returned()),
  );
  (['pushState', 'replaceState'] as const).forEach(
    safely((method) => {
      const original = history[method];
      if (original) {
        history[method] = function (this: History) {
          // biome-ignore lint/complexity/noArguments: shorter than a list of its own, and the same
          const result = original.apply(this, arguments as unknown as Parameters<typeof original>);
          moved();
          return result;
        };
      }
    }),
  );
}
