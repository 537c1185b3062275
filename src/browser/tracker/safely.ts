/** Around everything that the page or the browser calls: statistics are never worth a broken page. */
export function safely<A extends unknown[]>(task: (...args: A) => unknown): (...args: A) => void {
  return (...args) => {
    try {
      task(...args);
    } catch {}
  };
}
