// What the web is made of; the composition gives it.
import type { ZodType } from 'zod';
import type { Collection } from '../../collections/collection.js';
import type { Reports } from '../reporting/port.js';
import type { Feed } from '../sharing/feed.js';
import type { Limits } from '../sharing/limits.js';
import type { Accounts } from '../store/accounts.js';
import type { ClientAddress } from './client-address.js';

export interface AppParts {
  readonly accounts: Accounts;
  readonly reports: Reports;
  readonly feed: Feed;
  readonly limits: Limits;
  readonly clientAddress: ClientAddress;
  /** Without a slash at the end. Asked at each use: the port may only be known once it listens. */
  readonly publicUrl: () => string;
  /** Opens the first-run page as long as the accounts are new. */
  readonly setupSecret: string;
  /** Sums only: everyone may read it. */
  readonly health: () => { readonly status: string };
  /** Why hits cannot be taken at the moment; undefined when they can. */
  readonly hindrance?: () => string | undefined;
  /** Every hit taken before this moment is counted. */
  readonly countedUntilMs: () => number;
  readonly nowMs: () => number;
  readonly collections: readonly Pick<Collection, 'name' | 'part' | 'beside' | 'keep'>[];
  /** The schema of each collection's answer, by its name. */
  readonly reportSchemas: Readonly<Record<string, ZodType>>;
  /** Told of every error that was not expected. Default: the process's standard error. */
  readonly logError?: (error: unknown) => void;
  /** Where the built browser files are. Default: beside the compiled program. */
  readonly browserFolder?: string;
}
