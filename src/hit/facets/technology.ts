// The browser, its platform and kind of device. See agent.ts.
import { NOT_RECOGNISED, type Technology } from '../agent.js';
import { type ApartFacet, textCells } from '../facet.js';

export const technology: ApartFacet<'technology', Technology> = {
  name: 'technology',
  empty: NOT_RECOGNISED.technology,
  isApart: true,
  parse: ({ recognised }) => recognised.technology,
  column: {
    write: ({ browser, version, platform, device }) => `${browser}|${version}|${platform}|${device}`,
    read(text) {
      const [browser = '', version = '', platform = '', device = ''] = text.split('|');
      return { browser, version, platform, device };
    },
    cells: textCells('browser', 'version', 'platform', 'device'),
  },
};

/** Whether the hit is a view that was separated from its apart facets (facet.ts). */
export function isSplit({ browser }: Technology): boolean {
  return browser === '';
}
