// The settings of a site as a form shows and sends them. It also sends what it has shown, so that saving it changes only what
// its user has changed: somebody else may have changed other settings meanwhile.
import { createHash } from 'node:crypto';
import { readableHost } from '../hit/host.js';
import type { Site } from '../hit/site.js';

export interface SettingsTyped {
  readonly title: string;
  readonly hosts: string;
  readonly excludedAddresses: string;
  readonly excludedPaths: string;
  readonly excludedReferrers: string;
  readonly queryParameters: string;
  readonly storage: string;
  readonly signals: string;
  readonly keepDays: string;
  readonly keepMonths: string;
  readonly keepYears: string;
}

export function typedOf(site: Site): SettingsTyped {
  const { title, hosts, excludedAddresses, excludedPaths, excludedReferrers, queryParameters, storage, signals } = site;
  const { keep = {} } = site;
  const lines = (entries: readonly string[]) => entries.join('\n');
  return {
    title,
    hosts: lines(hosts.map(readableHost)),
    excludedAddresses: lines(excludedAddresses),
    excludedPaths: lines(excludedPaths),
    excludedReferrers: lines(excludedReferrers.map(readableHost)),
    queryParameters: lines(queryParameters),
    storage,
    signals,
    keepDays: String(keep.day ?? ''),
    keepMonths: String(keep.month ?? ''),
    keepYears: String(keep.year ?? ''),
  };
}

const HASH_CHARS = 12;

/** A hash of each field, for a hidden field. The values themselves may be long. */
export function seenText(shown: SettingsTyped): string {
  return Object.entries(shown)
    .map(([name, value]) => `${name}:${hashOf(value)}`)
    .join(' ');
}

export interface SettingsSent {
  readonly typed: SettingsTyped;
  /** The hidden field; empty if it was not sent. */
  readonly seen: string;
}

export interface TypedChanges {
  /** The fields that were changed in the form. */
  readonly changed: Partial<SettingsTyped>;
  /** Those of them that somebody else has changed as well, to something else. */
  readonly conflicts: ReadonlyArray<keyof SettingsTyped>;
}

/** `current`: the settings as the form would show them now. Without the hidden field, every field counts as changed. */
export function changesTyped({ typed, seen }: SettingsSent, current: SettingsTyped): TypedChanges {
  const hashes = new Map(seen.split(' ').map((pair) => pair.split(':') as [string, string]));
  const names = Object.keys(typed) as Array<keyof SettingsTyped>;
  const changed = names.filter((name) => hashOf(typed[name]) !== hashes.get(name));
  const conflicts = changed.filter((name) => {
    const [hash, now] = [hashes.get(name), hashOf(current[name])];
    return hash !== undefined && hash !== now && now !== hashOf(typed[name]);
  });
  return { changed: Object.fromEntries(changed.map((name) => [name, typed[name]])), conflicts };
}

/** Browsers send the lines of a list with CRLF. */
function hashOf(value: string): string {
  return createHash('sha256').update(value.replaceAll('\r\n', '\n')).digest('base64url').slice(0, HASH_CHARS);
}
