/**
 * The same function, which remembers its results by their argument. `max`: so many are kept; then the memory is
 * emptied, so that what outsiders choose cannot fill it.
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
