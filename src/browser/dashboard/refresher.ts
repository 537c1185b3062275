// Asks the server again and again: one question at a time, with a pause after each.

export interface Refresher {
  /** Asks as soon as the pause is over and the page is visible. */
  refresh(): void;
  /** Asks at once, or a moment after the last of several quick calls, and throws away the answer to the question before. */
  restart(): void;
  /** Asks once more when the pause is over. */
  retry(): void;
  stop(): void;
}

export interface Refreshing<Answer> {
  ask(): Promise<Answer>;
  show(answer: Answer): void;
  failed(error: unknown): void;
  /** In milliseconds. */
  pauseMs(): number;
  /** Nobody sees the page: it is asked for when it is visible again. */
  isHidden(): boolean;
}

/** Somebody who steps through ranges by a key is not yet where they want to be. */
const QUICK_MS = 250;

export function createRefresher<Answer>({ ask, show, failed, pauseMs, isHidden }: Refreshing<Answer>): Refresher {
  let question = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isBusy = false;
  let isDue = false;
  let isStopped = false;
  let restartedAtMs = Number.NEGATIVE_INFINITY;

  const refresh = async (): Promise<void> => {
    if (isStopped) return;
    if (isBusy || isHidden()) {
      isDue = true;
      return;
    }
    isBusy = true;
    isDue = false;
    const asked = ++question;
    try {
      const answer = await ask();
      if (asked !== question) return; // a newer question has the timer
      show(answer);
    } catch (error) {
      if (asked !== question) return;
      isDue = true;
      failed(error);
    }
    timer = setTimeout(() => {
      isBusy = false;
      if (isDue) void refresh();
    }, pauseMs());
  };

  return {
    refresh: () => void refresh(),
    restart() {
      clearTimeout(timer);
      question++;
      isBusy = false;
      const isQuick = Date.now() - restartedAtMs < QUICK_MS;
      restartedAtMs = Date.now();
      if (!isQuick) {
        void refresh();
        return;
      }
      isBusy = true;
      timer = setTimeout(() => {
        isBusy = false;
        void refresh();
      }, QUICK_MS);
    },
    retry() {
      isDue = true;
    },
    stop() {
      isStopped = true;
      question++;
      clearTimeout(timer);
    },
  };
}
