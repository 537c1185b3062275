// Adds hits of the feed to counted answers. What an answer contains is known but for a short time: every hit received well
// before its `asOf` is in it, none received at its `until` or later is, and of those in between some are. So the page shows the
// largest number of views that certainly were: it never counts a hit twice, and never goes back. Once hits have been counted,
// it equals the answers. All times are those of the server.

/** The views of each slot of time, such as an hour. */
type Slots = ReadonlyMap<string, number>;

export interface CountedSlots {
  readonly asOfMs: number;
  readonly untilMs: number;
  /** Contains all slots that hits can still be in. */
  readonly views: Slots;
}

export interface SeenView {
  readonly slot: string;
  readonly receivedAtMs: number;
}

export interface Settled {
  /** The `asOf` of the newest answer. */
  readonly asOfMs: number;
  /** `views` contains an answer in which no view received at this time or later is. */
  readonly untilMs: number;
  /** There certainly were this many. */
  readonly views: Slots;
  /** Views that may not be in the next answer. */
  readonly seen: readonly SeenView[];
}

/** A hit is received a little before it is stored, and the clocks of nodes differ: what is older than this was counted. */
const ASOF_TOLERANCE_MS = 5_000;
/** While counting has stopped, views above this limit wait for it. */
const SEEN_MAX = 20_000;

export const NOTHING_SETTLED: Settled = {
  asOfMs: Number.NEGATIVE_INFINITY,
  untilMs: Number.NEGATIVE_INFINITY,
  views: new Map(),
  seen: [],
};

/** Each view of the feed must be given once. */
export function withViews(settled: Settled, views: readonly SeenView[]): Settled {
  const added = views.slice(0, SEEN_MAX - settled.seen.length);
  if (added.length === 0) return settled;
  const sums = new Map(settled.views);
  for (const { slot, receivedAtMs } of added) if (receivedAtMs >= settled.untilMs) sums.set(slot, (sums.get(slot) ?? 0) + 1);
  return { ...settled, views: sums, seen: [...settled.seen, ...added] };
}

/** An answer that is older than the one before changes nothing. */
export function withAnswer(settled: Settled, { asOfMs, untilMs, views }: CountedSlots): Settled {
  if (asOfMs < settled.asOfMs) return settled;
  const countedMs = asOfMs - ASOF_TOLERANCE_MS;
  const seen = settled.seen.filter(({ receivedAtMs }) => receivedAtMs >= countedMs);
  const atLeast = sumOf(views, countBySlot(seen, untilMs));
  if (countedMs >= settled.untilMs && hasLost(settled, views, seen)) return { asOfMs, untilMs, views: atLeast, seen };
  const isNewer = [...atLeast].some(([slot, count]) => count > (settled.views.get(slot) ?? 0));
  // what is known already is worth more: it also accepts views that were received before this answer was read, and are late
  if (!isNewer) return { ...settled, asOfMs, seen };
  return { asOfMs, untilMs, views: largest(settled.views, atLeast), seen };
}

/** Whether views that must be in the answer are not, since they have been deleted. */
function hasLost(settled: Settled, views: Slots, notCounted: readonly SeenView[]): boolean {
  const waiting = countBySlot(notCounted, settled.untilMs);
  return [...settled.views].some(([slot, count]) => {
    const counted = views.get(slot);
    return counted !== undefined && counted < count - (waiting.get(slot) ?? 0);
  });
}

function countBySlot(seen: readonly SeenView[], fromMs: number): Slots {
  const counts = new Map<string, number>();
  for (const { slot, receivedAtMs } of seen) if (receivedAtMs >= fromMs) counts.set(slot, (counts.get(slot) ?? 0) + 1);
  return counts;
}

function sumOf(one: Slots, other: Slots): Slots {
  const sums = new Map(one);
  for (const [slot, count] of other) sums.set(slot, (sums.get(slot) ?? 0) + count);
  return sums;
}

function largest(one: Slots, other: Slots): Slots {
  const all = new Map(one);
  for (const [slot, count] of other) all.set(slot, Math.max(count, all.get(slot) ?? 0));
  return all;
}
