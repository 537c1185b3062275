// Notices when hits of a site were counted, so that an answer that was made before is not used any longer.

/** More sites than have readers at a time. */
const SITES_MAX = 10_000;

export interface SiteChanges {
  /**
   * A number that rises when hits of this site are counted. Undefined where this process does not learn of them, because
   * others count as well.
   */
  versionOf(site: string): number | undefined;
}

export interface ChangingSites extends SiteChanges {
  counted(sites: readonly string[]): void;
}

/** `isAlone`: no other process counts hits into the store. */
export function trackSiteChanges(isAlone: boolean, sitesMax = SITES_MAX): ChangingSites {
  const versions = new Map<string, number>();
  let newest = 0;
  /** The version of the sites that are not in the table. */
  let others = 0;
  return {
    versionOf: (site) => (isAlone ? (versions.get(site) ?? others) : undefined),
    counted(sites) {
      newest++;
      if (versions.size + sites.length > sitesMax) {
        versions.clear();
        others = newest;
      }
      for (const site of sites) if (versions.size < sitesMax) versions.set(site, newest);
    },
  };
}
