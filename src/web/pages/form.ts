// The parts of forms: fields with their hint and what is wrong with them, and notices.
import type { FieldProblem } from '../../people/person.js';
import { type Html, html, type Insertable } from './html.js';

export interface FieldParts {
  readonly name: string;
  readonly label: Insertable;
  readonly value?: string;
  readonly hint?: Insertable;
  readonly type?: 'text' | 'email' | 'password' | 'number';
  /** Further attributes of the input. */
  readonly attributes?: Html;
}

/** For values that are not prose: nothing is corrected. */
export const AS_TYPED = html`autocomplete="off" autocapitalize="none" spellcheck="false"`;

/** `problems`: of the whole form. */
export function field(parts: FieldParts, problems: readonly FieldProblem[] = []): Html {
  const { name, value, type = 'text', attributes } = parts;
  return framed(
    parts,
    problems,
    (described) => html`<input id="${name}" name="${name}" type="${type}"
      ${value !== undefined && type !== 'password' && html`value="${value}"`} ${attributes}${described}>`,
  );
}

/** A list, one entry a line. */
export function listField(parts: FieldParts, problems: readonly FieldProblem[] = []): Html {
  const { name, value = '', attributes } = parts;
  const rows = Math.min(8, value.split('\n').length + 1);
  return framed(
    parts,
    problems,
    (described) => html`<textarea id="${name}" name="${name}" rows="${rows}" ${attributes}${described}>${value}</textarea>`,
  );
}

export interface Choice {
  readonly value: string;
  readonly text: Insertable;
}

export function selectField(parts: FieldParts, choices: readonly Choice[], problems: readonly FieldProblem[] = []): Html {
  const { name, value } = parts;
  return framed(
    parts,
    problems,
    (described) =>
      html`<select id="${name}" name="${name}"${described}>${choices.map(
        (choice) => html`<option value="${choice.value}"${choice.value === value && html` selected`}>${choice.text}</option>`,
      )}</select>`,
  );
}

export function checkbox(name: string, label: Insertable, isChecked: boolean): Html {
  const checked = isChecked && html` checked`;
  return html`<label class="check"><input type="checkbox" name="${name}" value="1"${checked}> ${label}</label>`;
}

/** Says that something was done. */
export function notice(text: Insertable): Html | false {
  return text !== undefined && text !== false && html`<p class="card notice" role="status">${text}</p>`;
}

/** Scrolls where it is too wide for the screen, also by the keyboard. A column without a name has buttons. */
export function dataTable(name: Insertable, columns: readonly Insertable[], rows: readonly Html[]): Html {
  const head = columns.map((column) => (column === '' ? html`<td></td>` : html`<th scope="col">${column}</th>`));
  return html`<div class="table" tabindex="0" role="group" aria-label="${name}">
<table class="list"><tr>${head}</tr>
${rows}</table></div>`;
}

const COPY = { en: 'Copy', de: 'Kopieren' };
const COPIED = { en: 'Copied', de: 'Kopiert' };

/**
 * For secrets, links and snippets. The button needs the script of the page, and is only shown where scripts run. The notice
 * around it, if any, is not read again when the button changes.
 */
export function copyable(text: string, name: Insertable, rows = 2): Html {
  return html`<div class="copyable" aria-live="off">
<textarea class="snippet" readonly rows="${rows}" spellcheck="false" aria-label="${name}">${text}</textarea>
<button type="button" class="small-button copy" aria-label="${COPY}: ${name}" data-copied="${COPIED}">${COPY}</button>
<span class="visually-hidden" role="status"></span>
</div>`;
}

function framed({ name, label, hint }: FieldParts, problems: readonly FieldProblem[], input: (described: Html) => Html): Html {
  const wrong = problems.filter((problem) => problem.field === name).map(messageOf);
  const ids = [wrong.length > 0 && `${name}-problem`, hint !== undefined && `${name}-hint`].filter((id) => id !== false);
  const described = html`${ids.length > 0 && html` aria-describedby="${ids.join(' ')}"`}${
    wrong.length > 0 && html` aria-invalid="true"`
  }`;
  return html`<div class="field">
    <label for="${name}">${label}</label>
    ${input(described)}
    ${wrong.length > 0 && html`<p class="problem" id="${name}-problem">${spaced(wrong)}</p>`}
    ${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}
  </div>`;
}

/** What is wrong, as people read it. */
export function messageOf({ text, message }: FieldProblem): Insertable {
  return text ?? message;
}

/** Several sentences. */
export function spaced(sentences: readonly Insertable[]): Insertable {
  return sentences.map((sentence, n) => [n > 0 && ' ', sentence]);
}
