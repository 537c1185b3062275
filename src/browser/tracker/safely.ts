/** Wraps every entry point that the page or the browser calls: statistics must never break a page. */
export function safely<A extends unknown[]>(task: (...args: A) => unknown): (...args: A) => void {
  return (...args) => {
    try {
      task(...args);
    } catch {}
  };
}
