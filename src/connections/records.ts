// Records of JSON in the embedded store, each with checksums of its own: lmdb has none. They stand behind the JSON as white space, which JSON
// allows there: so versions from before there were checksums read these records, and their records, which have none, are read here.
import { crc32 } from 'node:zlib';
import type { Database, DatabaseOptions, Key, RootDatabase } from 'lmdb';

/** What the databases of the store hold: trees of counters as bytes, or JSON. */
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
  imported: 'json',
  tombstones: 'json',
  'tombstones-count': 'json',
  holds: 'json',
};

/** Two bits each. */
const SPACES = ' \t\n\r';
const SPACES_OF_CHECKSUM = 16;
/** Of the text, and of the key that it is kept under. */
const SPACES_IN_ALL = 2 * SPACES_OF_CHECKSUM;

/** `none`: it is of a version that wrote no checksums. */
export type Seal = 'whole' | 'none' | 'damaged';

/** A record is not what was written. */
export class DamagedRecord extends Error {}

/** Opens a database of the store. Reading throws a DamagedRecord, or gives `ifDamaged` instead. */
export function openRecords<Value, K extends Key>(
  root: RootDatabase,
  name: string,
  options: { readonly ifDamaged?: Value } = {},
): Database<Value, K> {
  let key: Key = '';
  const decode = (bytes: Buffer, length = bytes.length): Value => {
    const text = bytes.toString('utf8', 0, length);
    try {
      if (sealOfText(text) !== 'damaged') return JSON.parse(text) as Value;
    } catch {
      // its message would quote the text
    }
    if ('ifDamaged' in options) return options.ifDamaged as Value;
    throw new DamagedRecord(`a record of "${name}" in the store is damaged; hitherto verify --store names it`);
  };
  // lmdb does not tell an encoder which record it encodes
  const encoder = { encode: (value: Value) => sealedText(key, JSON.stringify(value)), decode };
  const db = root.openDB<Value, K>({ name, encoder } as DatabaseOptions & { name: string }); // its types lack the encoder
  const put = db.put;
  db.put = ((putKey: K, ...more: unknown[]) => {
    key = putKey;
    return Reflect.apply(put, db, [putKey, ...more]);
  }) as typeof db.put;
  return db;
}

export function sealedText(key: Key, text: string): string {
  return text + spacesOf(crc32(text)) + spacesOf(crc32(textOfKey(key)));
}

/** Without a key it is not known whether it is kept under the right one. */
export function sealOfText(text: string, key?: Key): Seal {
  const json = text.trimEnd();
  const seal = text.slice(json.length);
  if (seal === '') return 'none';
  const isText = seal.length === SPACES_IN_ALL && seal.startsWith(spacesOf(crc32(json)));
  const isKey = key === undefined || seal.endsWith(spacesOf(crc32(textOfKey(key))));
  return isText && isKey ? 'whole' : 'damaged';
}

/** lmdb gives a key of one part as that part. */
function textOfKey(key: Key): string {
  return JSON.stringify([key].flat());
}

function spacesOf(checksum: number): string {
  let spaces = '';
  for (let bits = 0; bits < 32; bits += 2) spaces += SPACES[(checksum >>> bits) & 3];
  return spaces;
}
