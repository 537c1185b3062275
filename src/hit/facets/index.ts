// The facets of a hit, in the order in which they are read from a request. To add one, write its file and list it here.
import { event } from './event.js';
import { host } from './host.js';
import { language } from './language.js';
import { path } from './path.js';
import { referrer } from './referrer.js';
import { sizes } from './sizes.js';
import { technology } from './technology.js';
import { title } from './title.js';
import { visitor } from './visitor.js';

export const FACETS = [path, host, title, referrer, technology, sizes, language, visitor, event] as const;

type Facets = (typeof FACETS)[number];

/** The hit's fields that come from the facets. */
export type FacetValues = { readonly [Name in Facets['name']]: Extract<Facets, { name: Name }>['empty'] };

/** The facets that packing splits from a view. */
export type SplitOffValues = Pick<FacetValues, Extract<Facets, { isSplitOff: true }>['name']>;
