// The browser's history, where something is opened above the page: Back closes it, and so it leaves no entry when it is closed.

/** In the state of an entry: it was opened from the entry before. */
export const OPENED_HERE = 'opened-here';

/** A link has led here. An entry to which Back or Forward returns has its state already. */
export function keepOpened(): void {
  if (history.state === null) history.replaceState(OPENED_HERE, '');
}

/** `address`: that of the page without it. The entry before shows the same, unless the page was opened with it. */
export function leaveOpened(address: string): void {
  if (history.state === OPENED_HERE) history.back();
  else history.replaceState(null, '', address);
}
