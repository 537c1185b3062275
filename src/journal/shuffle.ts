// Lines in another order, which cannot be found out afterwards.
import { randomFillSync } from 'node:crypto';

/** A copy. By Fisher and Yates: a remainder of 32 bits is as good as even for the few lines that there are. */
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
