// JSON records in the embedded store. lmdb has no checksums, so each record gets its own, encoded as white space
// after the JSON. JSON allows white space there, so older versions can read these records. Records of older versions
// have no checksum and can be read here.
import { crc32 } from 'node:zlib';
import type { Database, DatabaseOptions, Key, RootDatabase } from 'lmdb';
import { DamagedData } from '../damaged.js';

/** The databases of the store, and whether each contains encoded trees of counters, or JSON. */
export const DATABASES: Readonly<Record<string, 'binary' | 'json'>> = {
  documents: 'binary',
  collections: 'json',
  setaside: 'binary',
  nodes: 'json',
  accounts: 'json',
  ledger: 'json',
  'ledger-days': 'json',
  imports: 'json',
  'import-ranges': 'json',
  'import-traces': 'json',
  imported: 'json',
  tombstones: 'json',
  'tombstones-count': 'json',
  holds: 'json',
  audit: 'json',
};

/** Each character encodes two bits. */
const SPACES = ' \t\n\r';
const SPACES_OF_CHECKSUM = 16;
/** One checksum of the text and one of its key. */
const SPACES_TOTAL = 2 * SPACES_OF_CHECKSUM;

/** `none`: written by a version without checksums. */
export type ChecksumState = 'valid' | 'none' | 'damaged';

/** A record differs from what was written. */
export class DamagedRecord extends DamagedData {}

/**
 * Opens a database of JSON records. Reading a damaged record throws a DamagedRecord, or returns `ifDamaged` when that
 * is given.
 */
export function openRecords<Value, K extends Key>(
  root: RootDatabase,
  name: string,
  options: { readonly ifDamaged?: Value } = {},
): Database<Value, K> {
  let key: Key = '';
  const decode = (bytes: Buffer, length = bytes.length): Value => {
    const text = bytes.toString('utf8', 0, length);
    try {
      if (checksumStateOfText(text) !== 'damaged') return JSON.parse(text) as Value;
    } catch {
      // the message of JSON.parse would quote the text
    }
    if ('ifDamaged' in options) return options.ifDamaged as Value;
    throw new DamagedRecord(`a record of "${name}" in the store is damaged; hitherto verify --store names it`);
  };
  // lmdb does not pass the key to the encoder, so `put` remembers it
  const encoder = { encode: (value: Value) => textWithChecksum(key, JSON.stringify(value)), decode };
  // its types lack the encoder
  const db = root.openDB<Value, K>({ name, encoder } as DatabaseOptions & { name: string });
  const put = db.put;
  db.put = ((putKey: K, ...more: unknown[]) => {
    key = putKey;
    return Reflect.apply(put, db, [putKey, ...more]);
  }) as typeof db.put;
  return db;
}

export function textWithChecksum(key: Key, text: string): string {
  return text + spacesOf(crc32(text)) + spacesOf(crc32(textOfKey(key)));
}

/** Without a key, only the text is checked. */
export function checksumStateOfText(text: string, key?: Key): ChecksumState {
  const json = text.trimEnd();
  const spaces = text.slice(json.length);
  if (spaces === '') return 'none';
  const isText = spaces.length === SPACES_TOTAL && spaces.startsWith(spacesOf(crc32(json)));
  const isKey = key === undefined || spaces.endsWith(spacesOf(crc32(textOfKey(key))));
  return isText && isKey ? 'valid' : 'damaged';
}

/** lmdb returns a key with a single part as that part, not as a list. */
function textOfKey(key: Key): string {
  return JSON.stringify([key].flat());
}

function spacesOf(checksum: number): string {
  let spaces = '';
  for (let bits = 0; bits < 32; bits += 2) spaces += SPACES[(checksum >>> bits) & 3];
  return spaces;
}
