// Durations in milliseconds. A day has 24 hours, as in UTC. Local days may have 23 or 25 hours.

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const FIVE_MINUTES_MS = 5 * MINUTE_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
