// A dialog above the page that has its own part of the page's address: Escape and Back close it, and a reload keeps it.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { addressOf, type Overlay as Name } from './address.js';
import { useSite } from './state.js';
import { PANEL } from './texts.js';

interface Props {
  readonly name: Name;
  readonly titleId: string;
  /** In the title of the browser's tab. */
  readonly title: string;
  readonly look: 'panel' | 'show-all';
  /** Only rendered while it is open. */
  contents(close: () => void): ComponentChildren;
}

export function Overlay({ name, titleId, title, look, contents }: Props) {
  const { address, choose } = useSite();
  const { [name]: shown } = address.value;
  const isOpen = shown !== undefined;
  const dialog = useRef<HTMLDialogElement>(null);
  const opened = useRef('');

  useLayoutEffect(() => {
    const { current } = dialog;
    if (current === null) return;
    if (isOpen) {
      opened.current = addressOf(address.peek());
      if (!current.open) current.showModal();
    } else if (current.open) {
      current.close();
      // the browser gives the focus back to what opened it, but after a reload it does not know that any more
      if (document.activeElement === document.body) linkTo(opened.current)?.focus();
    }
  }, [isOpen, address]);
  // another page, or another list, is shown from its top
  const subject = typeof shown === 'string' ? shown : shown?.list;
  useLayoutEffect(() => {
    if (dialog.current !== null) dialog.current.scrollTop = 0;
  }, [subject]);
  useLayoutEffect(() => {
    if (title === '') return;
    const before = document.title;
    document.title = `${title} – ${before}`;
    return () => {
      document.title = before;
    };
  }, [title]);

  const close = (): void => dialog.current?.close();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the key that closes it is Escape, as in every dialog
    <dialog
      ref={dialog}
      class={look}
      aria-labelledby={titleId}
      onClose={() => address.peek()[name] !== undefined && choose({ [name]: undefined })}
      onClick={({ target, currentTarget }) => target === currentTarget && close()}
    >
      {isOpen && contents(close)}
    </dialog>
  );
}

export function CloseButton({ close }: { close: () => void }) {
  return (
    <button type="button" class="quiet close" aria-label={PANEL.close} autofocus onClick={close}>
      ✕
    </button>
  );
}

function linkTo(hash: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`a[href=${JSON.stringify(hash)}]`);
}
