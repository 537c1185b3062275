// The sites as the beacon needs them: prepared for parsing, and read again when another process has changed one.
import { createSiteReader, type MeasuredSite } from '../hit/prepared-site.js';
import { SITE_ID, type Site } from '../hit/site.js';
import type { Accounts } from '../store/accounts.js';

const READ_EVERY_MS = 400;

export interface Sites {
  site(id: string): MeasuredSite | undefined;
  /** Resolves when `site` knows all sites that existed at the call. Rejects when the store does not answer soon. */
  refresh(): Promise<void>;
  close(): void;
}

/** `onDamaged` is called once for each site that cannot be used as it is stored, with a sentence for the log. */
export function watchSites(
  accounts: Pick<Accounts, 'version' | 'sites' | 'damagedSites' | 'refresh'>,
  onDamaged: (problem: string) => void,
): Sites {
  const readSite = createSiteReader();
  /** Most sites are the same objects as before: an account changes far more often than a site. */
  const prepared = new WeakMap<Site, MeasuredSite>();
  const prepare = (site: Site): MeasuredSite => {
    const measured = prepared.get(site) ?? readSite(site);
    prepared.set(site, measured);
    return measured;
  };
  let sites = new Map<string, MeasuredSite>();
  let version = -1;
  let logged = new Set<string>();
  const read = (): void => {
    const now = accounts.version();
    if (now === version) return;
    version = now;
    sites = new Map(accounts.sites().map((site) => [site.id, prepare(site)]));
    const damaged = accounts.damagedSites().map(({ problem }) => problem);
    for (const problem of damaged) if (!logged.has(problem)) onDamaged(problem);
    logged = new Set(damaged);
  };
  read();
  const timer = setInterval(read, READ_EVERY_MS);
  return {
    site: (id) => (SITE_ID.test(id) ? sites.get(id) : undefined),
    refresh: () => accounts.refresh().then(read),
    close: () => clearInterval(timer),
  };
}
