// The field in which somebody types what a list is searched for.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { type ListAddress, SEARCH_MAX } from '../address.js';
import { useListPage } from '../list-page.js';
import { ALL } from '../texts/dialogs.js';

interface Props {
  readonly name: 'list' | 'pageList';
  readonly list: ListAddress;
  /** The title of the list. */
  readonly title: string;
}

/** After the last key. */
const TYPING_MS = 250;

export function Search({ name, list, title }: Props) {
  const { address, replace } = useListPage();
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  // not while somebody types, since the address is a little behind
  useLayoutEffect(() => {
    if (field.current !== null && timer.current === undefined) field.current.value = list.search;
  }, [list.search]);
  useLayoutEffect(() => () => clearTimeout(timer.current), []);
  const search = (): void => {
    clearTimeout(timer.current);
    timer.current = undefined;
    const now = address.peek()[name];
    const text = field.current?.value ?? '';
    if (now !== undefined && now.search !== text) replace({ [name]: { ...now, search: text, offset: 0 } });
  };
  return (
    <form
      class="search"
      onSubmit={(event) => {
        event.preventDefault();
        search();
      }}
    >
      <input
        ref={field}
        type="search"
        aria-label={ALL.searchIn(title)}
        placeholder={ALL.search}
        maxLength={SEARCH_MAX}
        onInput={() => {
          clearTimeout(timer.current);
          timer.current = setTimeout(search, TYPING_MS);
        }}
      />
    </form>
  );
}
