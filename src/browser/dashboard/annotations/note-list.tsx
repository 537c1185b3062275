// The notes of the shown days below the chart. Those who may edit the site add, change and remove them.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { FIRST_DAY } from '../../../time/period.js';
import { rangeName, timeName } from '../format.js';
import { useSite } from '../state.js';
import type { Note, Notes } from './notes.js';
import { NOTES } from './texts.js';

/** The API takes at most this many characters. */
const TEXT_MAX = 200;

interface Props {
  readonly notes: Notes;
  readonly shown: readonly Note[];
  readonly today: string;
}

/** A note that is being written, without an id while it is new. */
type Draft = Omit<Note, 'id'> & { readonly id?: string };

export function NoteList({ notes, shown, today }: Props) {
  const { mayEdit = false } = useSite().settings;
  const [draft, setDraft] = useState<Draft | undefined>(undefined);
  const [said, setSaid] = useState('');
  const adding = useRef<HTMLButtonElement>(null);
  // the focus returns where it came from, or to the button that is always there
  const opener = useRef<HTMLElement | null>(null);
  const begin = (note: Draft): void => {
    opener.current = document.activeElement as HTMLElement | null;
    setSaid('');
    setDraft(note);
  };
  const end = (text: string): void => {
    setSaid(text);
    setDraft(undefined);
    (opener.current?.isConnected ? opener.current : adding.current)?.focus();
  };
  const save = async (note: Draft): Promise<void> => ((await notes.save(note)) ? end(NOTES.saved) : setSaid(NOTES.failed));
  const remove = async ({ id }: Note): Promise<void> => {
    const isRemoved = await notes.remove(id);
    setSaid(isRemoved ? NOTES.removed : NOTES.failed);
    if (isRemoved) adding.current?.focus();
  };
  return (
    <>
      {shown.length > 0 && (
        <ul class="notes" aria-label={NOTES.title}>
          {shown.map((note) => (
            <li key={note.id}>
              <span class="when">
                {rangeName({ from: note.day, to: note.day }, today, 'short')}
                {note.time !== null && ` ${timeName(note.time)}`}
              </span>
              <bdi>{note.text}</bdi>
              {mayEdit && (
                <span>
                  <button type="button" class="quiet" aria-label={NOTES.changeOf(note.text)} onClick={() => begin(note)}>
                    {NOTES.change}
                  </button>
                  <button type="button" class="quiet" aria-label={NOTES.removeOf(note.text)} onClick={() => void remove(note)}>
                    {NOTES.remove}
                  </button>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {draft !== undefined && <Form key={draft.id ?? ''} draft={draft} save={save} cancel={() => end('')} />}
      {mayEdit && notes.all !== undefined && (
        <button ref={adding} type="button" class="quiet add-note" onClick={() => begin({ day: today, time: null, text: '' })}>
          + {NOTES.add}
        </button>
      )}
      {mayEdit && (
        <span class="hint" role="status">
          {said}
        </span>
      )}
    </>
  );
}

interface FormProps {
  readonly draft: Draft;
  save(note: Draft): Promise<void>;
  cancel(): void;
}

function Form({ draft, save, cancel }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  // what is typed stays when the page is drawn again
  useLayoutEffect(() => {
    const { day, time, text } = (form.current as HTMLFormElement).elements as unknown as Record<string, HTMLInputElement>;
    (day as HTMLInputElement).value = draft.day;
    (time as HTMLInputElement).value = draft.time ?? '';
    (text as HTMLInputElement).value = draft.text;
    (text as HTMLInputElement).focus();
  }, []);
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const fields = new FormData(form.current as HTMLFormElement);
    const value = (name: string): string => String(fields.get(name) ?? '').trim();
    void save({
      ...(draft.id !== undefined && { id: draft.id }),
      day: value('day'),
      time: value('time') || null,
      text: value('text'),
    });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    cancel();
  };
  return (
    <form ref={form} class="note-form" onSubmit={onSubmit} onKeyDown={onKeyDown}>
      <label class="compare">
        {NOTES.day} <input type="date" name="day" required min={FIRST_DAY} />
      </label>
      <label class="compare" title={NOTES.timeHint}>
        {NOTES.time} <input type="time" name="time" />
      </label>
      <label class="compare text">
        {NOTES.text} <input name="text" required maxLength={TEXT_MAX} pattern=".*\S.*" autocomplete="off" />
      </label>
      <button type="submit" class="small-button">
        {NOTES.save}
      </button>
      <button type="button" class="quiet" onClick={cancel}>
        {NOTES.cancel}
      </button>
    </form>
  );
}
