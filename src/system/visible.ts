// Makes untrusted text safe for a terminal. Control characters could move the cursor, change colours or the window's
// title, or hide earlier output. They are escaped the way JSON does it, so that JSON output keeps its meaning.
import type { Writable } from 'node:stream';

/** Control characters with line breaks, and characters that change the direction of text. */
const CONTROLS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
/** Line breaks and tabs are part of normal output. */
const CONTROLS_IN_OUTPUT = /(?![\n\t])[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** For text that may have lines of its own. */
export function visibleInOutput(text: string): string {
  return text.replace(CONTROLS_IN_OUTPUT, escaped);
}

/** For text that must stay within its line. */
export function visible(text: string): string {
  return text.replace(CONTROLS, escaped);
}

const unguarded = new WeakMap<object, Writable['write']>();

/**
 * From now on, escapes the control characters in everything that is written to these streams. Returns a function that
 * undoes this.
 */
export function guardOutput(...streams: readonly Writable[]): () => void {
  const undo = streams.map((stream) => {
    const write = stream.write;
    const guarded = (chunk: unknown, ...more: unknown[]) => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString();
      return Reflect.apply(write, stream, [visibleInOutput(text), ...more]) as boolean;
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

/** Writes without escaping, for our own cursor movements. Never pass untrusted text. */
export function writeUnguarded(stream: { write(text: string): unknown }, text: string): void {
  Reflect.apply(unguarded.get(stream) ?? stream.write, stream, [text]);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
