// What stands before the name of a row, so that a list can be scanned. All are drawn here: no page loads one from elsewhere.
// They say nothing that the name does not, so readers of screens are not told.

/** The first letter of a name in a colour of its own, which is the same everywhere. */
export function Badge({ name }: { name: string }) {
  const [letter = ''] = name.replace(/^www\./, '').toLocaleUpperCase();
  return (
    <svg class="icon" viewBox="0 0 18 18" aria-hidden="true">
      <circle cx="9" cy="9" r="9" fill={`oklch(0.5 0.09 ${hueOf(name)})`} />
      <text x="9" y="12.8">
        {letter}
      </text>
    </svg>
  );
}

/** In degrees. */
function hueOf(name: string): number {
  let hash = 0;
  for (const character of name) hash = (31 * hash + (character.codePointAt(0) ?? 0)) % 360;
  return hash;
}

/** `path`: lines within 16 by 16. */
export function Glyph({ path }: { path: string }) {
  return (
    <svg class="icon glyph" viewBox="0 0 16 16" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
