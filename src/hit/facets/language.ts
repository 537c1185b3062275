// The visitor's preferred language, from a closed list: the two-letter codes of ISO 639-1.
import { LRUCache } from 'lru-cache';
import { detached } from '../detached.js';
import { type SplitOffFacet, textColumn } from '../facet.js';

const CODES =
  'aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et ' +
  'eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl ' +
  'km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj ' +
  'om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn ' +
  'to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu';

/** Every value of `Hit.language` except `other`. */
export const LANGUAGES: readonly string[] = CODES.split(' ');

export const language: SplitOffFacet<'language', string> = {
  name: 'language',
  empty: 'other',
  isSplitOff: true,
  parse: ({ request }) => parseLanguage(request.acceptLanguage),
  column: textColumn('language'),
};

/** The code of each subtag in lower case. Old versions of Android and Java send three codes that were withdrawn in 1989. */
const SUBTAGS: ReadonlyMap<string, string> = new Map([
  ...LANGUAGES.map((code) => [code, code] as const),
  ['iw', 'he'],
  ['in', 'id'],
  ['ji', 'yi'],
]);

/** Enough for the first tag. A cache of longer keys would have more entries for the same languages. */
const HEADER_CHARS_MAX = 64;

const cache = new LRUCache<string, string>({ max: 2000 });

/** Returns the primary subtag of the first tag of an Accept-Language header, which is the preferred language in browsers. */
export function parseLanguage(acceptLanguage: string): string {
  const header = acceptLanguage.length > HEADER_CHARS_MAX ? acceptLanguage.slice(0, HEADER_CHARS_MAX) : acceptLanguage;
  const known = cache.get(header);
  if (known !== undefined) return known;
  const subtag = /^\s*([a-z]{2})(?![a-z0-9])/i.exec(header)?.[1] ?? '';
  const language = SUBTAGS.get(subtag.toLowerCase()) ?? 'other';
  cache.set(detached(header), language);
  return language;
}
