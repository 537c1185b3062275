// A dialog above the page that has its own part of the page's address: Escape and Back close it, and a reload keeps it.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Overlay as Name } from './address.js';
import { useListPage } from './list-page.js';
import { DIALOGS } from './texts.js';

interface LookProps {
  readonly titleId: string;
  /** In the title of the browser's tab. */
  readonly title: string;
  readonly look: 'panel' | 'show-all';
  /** Only rendered while it is open. */
  contents(close: () => void): ComponentChildren;
}

interface DialogProps extends LookProps {
  readonly isOpen: boolean;
  /** It is shown from its top when it is about something else. */
  readonly subject: string | undefined;
  /** The address of the page when it is opened: that of the link that opens it. */
  readonly href: string;
  closed(): void;
}

export function Dialog({ isOpen, subject, href, closed, titleId, title, look, contents }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [newest, opened] = [useRef(href), useRef('')];
  newest.current = href;

  useLayoutEffect(() => {
    const { current } = dialog;
    if (current === null) return;
    if (isOpen) {
      opened.current = newest.current;
      if (!current.open) current.showModal();
    } else {
      if (current.open) current.close();
      // the browser gives the focus back to what opened it, but after a reload it does not know that any more
      if (opened.current !== '' && document.activeElement === document.body) linkTo(opened.current)?.focus();
      opened.current = '';
    }
  }, [isOpen]);
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
      onClose={() => isOpen && closed()}
      onClick={({ target, currentTarget }) => target === currentTarget && close()}
    >
      {isOpen && contents(close)}
    </dialog>
  );
}

interface Props extends LookProps {
  readonly name: Name;
}

/** A dialog that is part of the address of the page. */
export function Overlay({ name, ...look }: Props) {
  const { address, hrefOf, choose } = useListPage();
  const { [name]: shown } = address.value;
  return (
    <Dialog
      isOpen={shown !== undefined}
      subject={typeof shown === 'string' ? shown : shown?.list}
      href={hrefOf({})}
      closed={() => choose({ [name]: undefined })}
      {...look}
    />
  );
}

export function CloseButton({ close }: { close: () => void }) {
  return (
    <button type="button" class="quiet close" aria-label={DIALOGS.close} autofocus onClick={close}>
      ✕
    </button>
  );
}

function linkTo(hash: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`a[href=${JSON.stringify(hash)}]`);
}
