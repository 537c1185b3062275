interface Closable {
  close(): Promise<void> | void;
}

export interface Closing {
  /** Registers the part, and returns it. */
  add<Part extends Closable>(part: Part): Part;
  /** Closes the parts one after the other, the last one first. */
  close(): Promise<void>;
}

/** Collects opened parts, so that they can be closed in the opposite order. */
export function createClosing(): Closing {
  const parts: Closable[] = [];
  return {
    add(part) {
      parts.unshift(part);
      return part;
    },
    async close() {
      for (const part of parts.splice(0)) await part.close();
    },
  };
}

/** Returns what `open` returns. If it fails, the parts that it added are closed first. */
export async function openingParts<Parts>(open: (closing: Closing) => Promise<Parts>): Promise<Parts> {
  const closing = createClosing();
  try {
    return await open(closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
}
