// Puts lines into a random order, so that their original order cannot be recovered.
import { randomFillSync } from 'node:crypto';

/**
 * Returns a copy (Fisher–Yates). The bias of a 32-bit remainder is negligible for the number of lines in a segment.
 */
export function shuffled(lines: readonly string[]): string[] {
  const order = [...lines];
  const numbers = randomFillSync(new Uint32Array(order.length));
  for (let i = order.length - 1; i > 0; i--) {
    const j = (numbers[i] as number) % (i + 1);
    const line = order[i] as string;
    order[i] = order[j] as string;
    order[j] = line;
  }
  return order;
}
