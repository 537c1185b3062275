// The parts that the composition root passes to the web.
import type { ZodType } from 'zod';
import type { KindOutline } from '../../collections/document-kind.js';
import type { Mailer } from '../mail/mailer.js';
import type { Audit } from '../operations/audit/audit.js';
import type { People } from '../people/people.js';
import type { SignInProvider } from '../people/provider.js';
import type { Usage } from '../people/usage.js';
import type { FirstView, FirstViewQuery, SitesView, SitesViewQuery } from '../reporting/first-view.js';
import type { Reports } from '../reporting/port.js';
import type { SharedReports } from '../reporting/shared.js';
import type { Feed } from '../sharing/feed.js';
import type { Limits } from '../sharing/limits.js';
import type { Accounts } from '../store/accounts.js';
import type { Ledger } from '../store/ledger.js';
import type { SiteChanges } from '../store/site-changes.js';
import type { ClientAddress } from './client-address.js';
import type { ForeignHosts } from './foreign-hosts.js';
import type { SiteDeletion } from './site-deletion.js';
import type { ViewCache } from './view-cache.js';

export interface AppParts {
  readonly accounts: Accounts;
  readonly people: People;
  /** Through which people sign in beside their passwords; undefined: none is configured. */
  readonly provider?: SignInProvider | undefined;
  /** Every handler that changes something records it here, after the change. */
  readonly audit: Audit;
  /** Absent: no mail is sent, and people hand over links themselves. */
  readonly mailer?: Mailer | undefined;
  /** Records the days around a change of a time zone. */
  readonly ledger: Pick<Ledger, 'add'>;
  readonly siteDeletion: SiteDeletion;
  readonly reports: Reports;
  /** See createFirstViewCache. Absent: pages come without their numbers, and ask for them. */
  readonly firstView?: ViewCache<FirstViewQuery, FirstView>;
  readonly sitesView?: ViewCache<SitesViewQuery, SitesView>;
  /** The hits of people's sites this month. */
  readonly usage: Usage;
  readonly feed: Feed;
  readonly foreignHosts: ForeignHosts;
  readonly limits: Limits;
  readonly clientAddress: ClientAddress;
  /** Without a trailing slash. Called at each use, since the port may be unknown until the service listens. */
  readonly publicUrl: () => string;
  /** Opens the set-up page until there is an operator. */
  readonly setupSecret: string;
  /** Sums only, since it is public. */
  readonly health: () => { readonly status: string };
  /** Why hits cannot be accepted now; `undefined` if they can. */
  readonly blocker?: () => string | undefined;
  /** Every hit accepted before this time is counted. Milliseconds since 1970. */
  readonly countedUntilMs: () => number;
  /** When hits of a site were counted. Absent: nobody knows. */
  readonly changes?: SiteChanges;
  readonly nowMs: () => number;
  readonly kinds: readonly KindOutline[];
  /** The schema of each collection's answer, by its name. */
  readonly reportSchemas: Readonly<Record<string, ZodType>>;
  /** Called with every unexpected error. Default: standard error. */
  readonly logError?: (error: unknown) => void;
  /** The folder of the built browser files. Default: beside the compiled program. */
  readonly browserFolder?: string;
}

/** With what all handlers share. */
export interface WebParts extends AppParts {
  readonly shared: SharedReports;
}
