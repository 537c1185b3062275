/**
 * Returns the same function with a cache of its results by argument. The cache is emptied when it has `max` results, so
 * that untrusted arguments cannot fill the memory.
 */
export function memoize<Key, Value>(make: (key: Key) => Value, max: number): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined && !known.has(key)) {
      value = make(key);
      if (known.size >= max) known.clear();
      known.set(key, value);
    }
    return value as Value;
  };
}
