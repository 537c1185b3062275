// What the parts that a site's page and the roll-up of several sites share know of the page that they are on.
import type { ReadonlySignal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { PageSite } from '../../web/first-view.js';
import type { Address } from './address.js';
import type { Traffic } from './answers.js';
import type { Query } from './fetch.js';
import type { Clock } from './format.js';
import type { Loaded } from './loaded.js';

export interface ListSettings extends Pick<PageSite, 'host' | 'since' | 'firstDay'> {
  /** Whether the page may ask for a report, or for the feed (`live`). A share link may be limited; it always shows `traffic`. */
  shows(name: string): boolean;
}

export interface ListPage {
  readonly settings: ListSettings;
  readonly clock: Clock;
  readonly address: ReadonlySignal<Address>;
  /** The day that is counted now. */
  readonly today: ReadonlySignal<string>;
  readonly loaded: ReadonlySignal<Loaded | undefined>;
  readonly traffic: ReadonlySignal<Traffic | undefined>;
  /** Where the API gives a report. */
  reportAddress(report: string, query: Query): string;
  /** The address of the page with these changes. */
  hrefOf(change: Partial<Address>): string;
  /** A step in the browser's history: Back returns to what was shown before. */
  choose(change: Partial<Omit<Address, 'tabs'>>): void;
  /** No step in the history. */
  replace(change: Partial<Address>): void;
  /** No step in the history. */
  setTab(card: string, tab: string | undefined): void;
  /** Shows that a report could not be loaded, and tries again. */
  failed(error: unknown): void;
}

export const PageContext = createContext<ListPage | undefined>(undefined);

export function useListPage(): ListPage {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error('this component is not below a PageContext');
  return page;
}
