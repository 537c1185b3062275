// Reads the sources of visits as other tools name them: addresses with or without a scheme, hosts, and names.

import { parseReferrer } from '../../../hit/facets/referrer.js';
import type { Referrer } from '../../../hit/hit.js';
import type { MeasuredSite } from '../../../hit/prepared-site.js';
import { sourceOfName } from '../../../hit/tables/sources.js';
import { cleanText, NAME_CODEPOINTS_MAX } from '../../../hit/text.js';

const DIRECT: Referrer = { medium: 'direct', source: '', host: '', path: '' };
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const DIRECT_NAMES = new Set([
  '',
  '(direct)',
  'direct',
  'direct / none',
  'direct entry',
  '(none)',
  '(not set)',
  '(data not available)',
]);

/** `google.com`, `github.com/hitherto`, `https://…`, `android-app://…`. Direct if it is not an address. */
export function referrerAt(address: string, { isOwnHost }: MeasuredSite): Referrer {
  return parseReferrer(SCHEME.test(address) ? address : `https://${address}`, isOwnHost);
}

/** A name from our list, or a host; any other text is a source of its own. */
export function referrerNamed(name: string, measured: MeasuredSite): Referrer {
  const text = cleanText(name, NAME_CODEPOINTS_MAX);
  if (DIRECT_NAMES.has(text.toLowerCase())) return DIRECT;
  const known = sourceOfName(text);
  if (known !== undefined) return { ...DIRECT, ...known };
  if (/^email$/i.test(text)) return { ...DIRECT, medium: 'mail', source: text };
  if (SCHEME.test(name) || /^[^\s/]+\.[^\s/.]{2,}(?:\/|$)/.test(name)) {
    const referrer = referrerAt(name, measured);
    if (referrer.medium !== 'direct') return referrer;
  }
  return { ...DIRECT, medium: 'other', source: text };
}
