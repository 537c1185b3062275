// Full screen, and a screen that stays on: both only where the browser allows them.

/** Only after a click or a key: a browser refuses it otherwise, and the page then fills its window. */
export function enterFullScreen(): void {
  if (document.fullscreenElement !== null || !document.fullscreenEnabled) return;
  document.documentElement.requestFullscreen().catch(() => {});
}

export function leaveFullScreen(): void {
  if (document.fullscreenElement !== null) document.exitFullscreen().catch(() => {});
}

/** Keeps the screen on until the returned function is called. A browser ends it when the page is hidden. */
export function keepScreenOn(): () => void {
  let lock: WakeLockSentinel | undefined;
  let hasEnded = false;
  const ask = (): void => {
    if (document.hidden || !('wakeLock' in navigator)) return;
    navigator.wakeLock.request('screen').then(
      (taken) => {
        lock = taken;
        if (hasEnded) void taken.release();
      },
      () => {}, // such as when the battery is low
    );
  };
  ask();
  document.addEventListener('visibilitychange', ask);
  return () => {
    hasEnded = true;
    document.removeEventListener('visibilitychange', ask);
    void lock?.release();
  };
}
