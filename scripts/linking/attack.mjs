// The attack: for each view, find the previous view of the same browser in the files of a service. A row says what is
// known of a view; other contents (which page was viewed after which) may exclude candidates.

/** A visit ends after half an hour without a view. */
const MOMENTS_MAX = 6;
/** An age and a time are in whole seconds, of two clocks. */
const SECONDS_OFF_MAX = 1.5;
/**
 * The likelihood of each gap between a view and the one before it, in units of five minutes: half of the gaps within
 * visits are shorter than a minute.
 */
const LIKELY_GAPS = [0.8, 0.15, 0.03, 0.01, 0.005, 0.003, 0.002];

/**
 * `views`: `{ path, technology, moment, isEntry, hasRecord }` of each view, with the index of the previous one in
 * `before`. `pairs`: for each page, how often each other page was viewed before it.
 *
 * Returns shares of all views that follow another one. `one`: exactly one previous view was possible, and correct;
 * `drawn`: a random choice of the possible ones was correct; `guessed`: the most likely one was correct.
 */
export function attack({ views, pairs }) {
  const viewed = new Map();
  for (const { path } of views) viewed.set(path, (viewed.get(path) ?? 0) + 1);
  // Views of one page, technology and five minutes are indistinguishable: they are candidates together.
  const alike = new Map();
  const keyOf = ({ technology }, moment) => `${technology} ${moment}`;
  for (const view of views) {
    if (!view.hasRecord) continue;
    const key = keyOf(view, view.moment);
    const counts = alike.get(key) ?? new Map();
    counts.set(view.path, (counts.get(view.path) ?? 0) + 1);
    alike.set(key, counts);
  }
  const outcomes = followers(views).map((view) => {
    const { path, moment } = views[view.before];
    const before = pairs.get(view.path) ?? new Map();
    let [all, best, likeliest] = [0, 0, 0];
    let isLikeliest = false;
    for (let gap = 0; gap <= MOMENTS_MAX; gap++) {
      const counts = alike.get(keyOf(view, view.moment - gap));
      if (counts === undefined) continue;
      for (const [from, times] of before) {
        const candidates = (counts.get(from) ?? 0) - (gap === 0 && from === view.path ? 1 : 0);
        if (candidates === 0) continue;
        all += candidates;
        const likelihood = (times / viewed.get(from)) * LIKELY_GAPS[gap];
        if (likelihood < best) continue;
        if (likelihood > best) [best, likeliest, isLikeliest] = [likelihood, 0, false];
        likeliest += candidates;
        isLikeliest ||= from === path && view.moment - gap === moment;
      }
    }
    return { one: all === 1 ? 1 : 0, drawn: 1 / all, guessed: isLikeliest ? 1 / likeliest : 0 };
  });
  return sharesOf(outcomes);
}

/**
 * The same with what version 0.1 stored beside each view: its exact time (`atMs`), the seconds since the previous
 * view, and its page (`step`).
 */
export function attackVersion01(views) {
  const byPage = new Map();
  views.forEach((view, place) => {
    const key = `${view.path} ${view.technology}`;
    byPage.set(key, [...(byPage.get(key) ?? []), place]);
  });
  const outcomes = followers(views).map((view) => {
    const candidates = (byPage.get(`${view.step.from} ${view.technology}`) ?? []).filter(
      (place) => Math.abs((view.atMs - views[place].atMs) / 1000 - view.step.seconds) < SECONDS_OFF_MAX,
    );
    const isThere = candidates.includes(view.before);
    const drawn = isThere ? 1 / candidates.length : 0;
    return { one: isThere && candidates.length === 1 ? 1 : 0, drawn, guessed: drawn };
  });
  return sharesOf(outcomes);
}

/** Views that follow another one, of browsers with a record: nothing is known about the others. */
function followers(views) {
  return views.filter(({ before, hasRecord, isEntry }) => before !== undefined && hasRecord && !isEntry);
}

function sharesOf(outcomes) {
  const share = (of) => (outcomes.length === 0 ? 0 : outcomes.reduce((sum, outcome) => sum + outcome[of], 0) / outcomes.length);
  return { views: outcomes.length, one: share('one'), drawn: share('drawn'), guessed: share('guessed') };
}

/** What docs/privacy.md promises for sites with this many views an hour, once counted and packed. */
const BOUNDS = [
  [2000, { one: 0, guessed: 0.25 }],
  [20_000, { one: 0, guessed: 0.05 }],
];

/**
 * In words; empty when no more is found than docs/privacy.md states. `points`: the files that contain sketch points.
 */
export function problemsOf(viewsPerHour, { one, guessed }, points) {
  const bound = BOUNDS.findLast(([least]) => viewsPerHour >= least)?.[1];
  return [
    ...(points.length > 0 ? [`sketch points stand in ${points.join(', ')}`] : []),
    ...(bound !== undefined && one > bound.one ? [`exactly one candidate, and the right one: ${percent(one)} %`] : []),
    ...(bound !== undefined && guessed > bound.guessed ? [`the best guess is right: ${percent(guessed)} %`] : []),
  ];
}

export function percent(share) {
  return Math.round(1000 * share) / 10;
}
