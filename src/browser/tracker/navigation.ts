// Views without a new document: navigation within a page, and a page restored from the back-forward cache.
import { safely } from './safely.js';

/** * Calls `moved`, which must not throw, when the address may have changed, and `returned` when the page is restored from the
 * back-forward cache.
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
          // biome-ignore lint/complexity/noArguments: shorter than rest parameters, with the same effect
          const result = original.apply(this, arguments as unknown as Parameters<typeof original>);
          moved();
          return result;
        };
      }
    }),
  );
}
