// Reads the data attributes of the snippet; docs/beacon.md describes them.

/** * Site id; full address of the beacon; whether a fragment may be part of the path; whether views are counted automatically;
 * whether the browser may keep a record.
 */
export type Options = [site: string | undefined, api: string, hash: boolean, auto: boolean, record: boolean];

declare global {
  interface Navigator {
    readonly globalPrivacyControl?: boolean;
  }
}

export function readOptions(): Options {
  const { src, dataset } = document.currentScript as HTMLScriptElement;
  return [
    dataset.site,
    dataset.api || new URL('a.gif', src).href,
    'hash' in dataset,
    dataset.auto !== 'false',
    dataset.storage !== 'none' &&
      (dataset.signals === 'ignored' || (navigator.doNotTrack !== '1' && !navigator.globalPrivacyControl)),
  ];
}
