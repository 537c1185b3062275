// Which documents of the accounts may have changed, so that a node reads only these. A process names the document that it is
// about to change when it raises the version. Earlier versions raise it without a name: then everything is read.
import type { DocumentName, StateDocument } from './account-documents.js';

/** Raises whose names are stored: a node that has missed more of them reads everything. */
const NAMES_MAX = 128;

/** What a node knows of the version. */
export interface Version {
  readonly number: number;
  /** How many of the raises had a name. */
  readonly named: number;
}

export function versionOf({ number = 0, named = 0 }: Partial<StateDocument>): Version {
  return { number, named };
}

/**
 * `undefined`: any document may change. Then no node needs the names before, and they are removed: nothing may name a site
 * that was deleted.
 */
export function raiseOf(name: DocumentName | undefined) {
  if (name === undefined) return { $inc: { number: 1 }, $set: { recent: [] } };
  return { $inc: { number: 1, named: 1 }, $push: { recent: { $each: [name], $slice: -NAMES_MAX } } };
}

/** The documents that may have changed since. Undefined: any of them. */
export function namesSince(
  known: Version | undefined,
  stored: Version,
  recent: readonly DocumentName[],
): ReadonlySet<DocumentName> | undefined {
  if (known === undefined) return undefined;
  const raises = stored.number - known.number;
  const isEachNamed = raises >= 0 && raises === stored.named - known.named && raises <= recent.length;
  return isEachNamed ? new Set(recent.slice(recent.length - raises)) : undefined;
}

/** The times at which something must be read again, in milliseconds, the next one first. */
type Times = readonly number[];

/** What must be read again although no new version says so. */
export class Rereads {
  #all: Times = [];
  readonly #documents = new Map<DocumentName, Times>();

  /** `names` undefined: everything. Replaces earlier times, which were all before the last of these. */
  plan(names: ReadonlySet<DocumentName> | undefined, times: Times): void {
    if (names === undefined) this.#all = times;
    else for (const name of names) this.#documents.set(name, times);
  }

  isAllDue(nowMs: number): boolean {
    return nowMs >= (this.#all[0] ?? Number.POSITIVE_INFINITY);
  }

  dueNames(nowMs: number): DocumentName[] {
    return [...this.#documents].flatMap(([name, [next = 0]]) => (nowMs >= next ? [name] : []));
  }

  /** Call it when what was due has been read. */
  done(nowMs: number): void {
    if (this.isAllDue(nowMs)) this.#all = this.#all.slice(1);
    for (const name of this.dueNames(nowMs)) {
      const later = (this.#documents.get(name) ?? []).slice(1);
      if (later.length > 0) this.#documents.set(name, later);
      else this.#documents.delete(name);
    }
  }
}
