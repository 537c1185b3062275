// The browser, its platform and its kind of device. See agent.ts.
import { NOT_RECOGNISED, type Technology } from '../agent.js';
import { type SplitOffFacet, textCells } from '../facet.js';

export const technology: SplitOffFacet<'technology', Technology> = {
  name: 'technology',
  empty: NOT_RECOGNISED.technology,
  isSplitOff: true,
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

/** Whether the hit is a view that was split from its technology (`isSplitOff` in facet.ts). */
export function isSplit({ browser }: Technology): boolean {
  return browser === '';
}
