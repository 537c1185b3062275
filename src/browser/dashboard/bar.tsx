// The bar behind a row. Its length is an attribute of an SVG element: a style attribute would be refused by the pages' security
// policy when the server has rendered it.

/** `part`: from 0 to 1. */
export function Bar({ part }: { part: number }) {
  return (
    <svg class="bar" aria-hidden="true">
      <rect width={`${Math.round(10_000 * part) / 100}%`} height="100%" rx="6" />
    </svg>
  );
}
