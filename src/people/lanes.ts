// Runs a few functions at the same time; the others wait. They wait in lanes, which take turns, so that a flood in one of
// them does not keep the others from going on.

/** Too many are waiting. */
export class TooBusy extends Error {}

export interface LaneLimits {
  readonly atOnce: number;
  /** How many may wait in a lane, */
  readonly waitingMax: number;
  /** and how many of these with the same key. */
  readonly waitingOfKeyMax: number;
}

/** `key`: whose turn it is, such as the id of a person. */
type InTurn<Lane> = <Result>(turn: { readonly lane: Lane; readonly key: string }, act: () => Promise<Result>) => Promise<Result>;

interface Waiting {
  readonly key: string;
  readonly begin: () => void;
}

/** What it returns rejects with a TooBusy, without calling `act`, if too many are waiting. */
export function createLanes<Lane extends string>({ atOnce, waitingMax, waitingOfKeyMax }: LaneLimits): InTurn<Lane> {
  /** Only lanes in which somebody waits, the next one first. */
  const lanes = new Map<Lane, Waiting[]>();
  let running = 0;

  const wait = (lane: Lane, key: string): Promise<void> => {
    const waiting = lanes.get(lane) ?? [];
    if (waiting.length >= waitingMax || waiting.filter((one) => one.key === key).length >= waitingOfKeyMax) throw new TooBusy();
    lanes.set(lane, waiting);
    return new Promise((resolve) => waiting.push({ key, begin: resolve }));
  };
  const beginNext = (): void => {
    const [next] = lanes;
    if (next === undefined) {
      running--;
      return;
    }
    const [lane, waiting] = next;
    lanes.delete(lane);
    const first = waiting.shift();
    if (waiting.length > 0) lanes.set(lane, waiting); // behind the other lanes
    first?.begin();
  };

  return async ({ lane, key }, act) => {
    if (running >= atOnce) await wait(lane, key);
    else running++;
    try {
      return await act();
    } finally {
      beginNext();
    }
  };
}
