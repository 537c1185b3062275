// A HyperLogLog sketch: it estimates the number of different visitors from 4,096 small maxima.
// Merging two sketches takes the larger of each register, which is the union of their visitors.
// Flajolet, Fusy, Gandouet, Meunier: HyperLogLog (2007); the estimate is Ertl's improved raw one
// ("New cardinality estimation algorithms for HyperLogLog sketches", 2017, arXiv:1702.01284), which needs no bias tables.

export const REGISTERS = 4096;
export const RANK_MAX = 32;
/** One standard deviation of the estimate, as a share of it. */
export const STANDARD_ERROR = 1.04 / Math.sqrt(REGISTERS);

/** A sketch with at most this many points is stored as a list, which takes 3 bytes a point instead of 4,096 in all. */
const SPARSE_MAX = 1024;

export class Sketch {
  /** The rank of each register while there are few; undefined once `dense` is used. */
  private sparse: Map<number, number> | undefined = new Map();
  private dense: Uint8Array | undefined;

  /** Keeps the larger rank. `register` must be 0 to 4095 and `rank` 1 to 32. */
  add(register: number, rank: number): void {
    if (this.dense) {
      if (rank > (this.dense[register] as number)) this.dense[register] = rank;
      return;
    }
    const sparse = this.sparse as Map<number, number>;
    if (rank > (sparse.get(register) ?? 0)) sparse.set(register, rank);
    if (sparse.size > SPARSE_MAX) {
      this.dense = new Uint8Array(REGISTERS);
      for (const [r, n] of sparse) this.dense[r] = n;
      this.sparse = undefined;
    }
  }

  /**
   * Merges another sketch into this one, which then has the visitors of both. A visitor with the same point in both counts once.
   * With a different `shift` for each sketch that is merged, such a visitor counts in each.
   */
  take(other: Sketch, shift = 0): void {
    other.forEach((register, rank) => {
      this.add((register + shift) % REGISTERS, rank);
    });
  }

  forEach(visit: (register: number, rank: number) => void): void {
    if (this.sparse) for (const [register, rank] of this.sparse) visit(register, rank);
    else {
      const dense = this.dense as Uint8Array;
      for (let register = 0; register < REGISTERS; register++)
        if (dense[register] !== 0) visit(register, dense[register] as number);
    }
  }

  /** The number of registers in use. */
  get size(): number {
    if (this.sparse) return this.sparse.size;
    return (this.dense as Uint8Array).reduce((n, rank) => n + (rank > 0 ? 1 : 0), 0);
  }

  /** Estimates the number of different visitors. The result is not rounded. */
  estimate(): number {
    const counts = new Array<number>(RANK_MAX + 1).fill(0);
    let used = 0;
    this.forEach((_, rank) => {
      counts[rank] = (counts[rank] as number) + 1;
      used++;
    });
    if (used === 0) return 0;
    let z = REGISTERS * tau(1 - (counts[RANK_MAX] as number) / REGISTERS);
    for (let rank = RANK_MAX - 1; rank >= 1; rank--) z = 0.5 * (z + (counts[rank] as number));
    z += REGISTERS * sigma((REGISTERS - used) / REGISTERS);
    return REGISTERS ** 2 / (2 * Math.LN2 * z);
  }
}

function sigma(x: number): number {
  if (x === 1) return Number.POSITIVE_INFINITY;
  let y = 1;
  let z = x;
  for (let before = -1, power = x; z !== before; y += y) {
    power *= power;
    before = z;
    z += power * y;
  }
  return z;
}

function tau(x: number): number {
  if (x === 0 || x === 1) return 0;
  let y = 1;
  let z = 1 - x;
  for (let before = -1, root = x; z !== before; ) {
    root = Math.sqrt(root);
    before = z;
    y *= 0.5;
    z -= (1 - root) ** 2 * y;
  }
  return z / 3;
}

/**
 * The point of a 44-bit or longer random or hashed value: 12 bits choose the register, the leading zeros of the next 32
 * give the rank.
 */
export function pointOf(registerBits: number, rankBits: number): { register: number; rank: number } {
  return { register: registerBits & (REGISTERS - 1), rank: Math.min(Math.clz32(rankBits) + 1, RANK_MAX) };
}
