// Text that others may have written, on a terminal: control characters in it would move the cursor, change colours or the window's title, or hide
// what was said before. They are shown as JSON escapes them, so that output in JSON stays what it is.
import type { Writable } from 'node:stream';

/** Line breaks among them, and those that turn the direction of a line around. */
const CONTROLS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
/** What is printed has lines and columns of its own. */
const CONTROLS_IN_OUTPUT = /(?![\n\t])[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** For text that is to stay within its line. */
export function visible(text: string): string {
  return text.replace(CONTROLS, escaped);
}

const unguarded = new WeakMap<object, Writable['write']>();

/**
 * From now on nothing that is written to these streams moves the cursor, whatever it is made of and wherever it is written. Gives what undoes
 * that.
 */
export function guardOutput(...streams: readonly Writable[]): () => void {
  const undo = streams.map((stream) => {
    const write = stream.write;
    const guarded = (chunk: unknown, ...more: unknown[]) => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString();
      return Reflect.apply(write, stream, [text.replace(CONTROLS_IN_OUTPUT, escaped), ...more]) as boolean;
    };
    stream.write = guarded as Writable['write'];
    unguarded.set(stream, write);
    return () => {
      stream.write = write;
      unguarded.delete(stream);
    };
  });
  return () => {
    for (const one of undo) one();
  };
}

/** Writes past the guard: for our own cursor movements, with nothing from outside in them. */
export function writeUnguarded(stream: { write(text: string): unknown }, text: string): void {
  Reflect.apply(unguarded.get(stream) ?? stream.write, stream, [text]);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
