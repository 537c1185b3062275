// Whether the pointer is pressed: what is exchanged between press and release is not clicked, so updates wait.

let isPressed = false;
let release: () => void = () => {};

export function watchPointer(): void {
  addEventListener('pointerdown', ({ button }) => {
    isPressed = button === 0;
  });
  for (const type of ['pointerup', 'pointercancel']) {
    addEventListener(type, () => {
      isPressed = false;
      setTimeout(() => release()); // the click comes first
    });
  }
}

/** When it is not. Of several that wait only the last goes on. */
export function released(): Promise<void> {
  if (!isPressed) return Promise.resolve();
  return new Promise((resolve) => {
    release = resolve;
  });
}
