// A row of buttons, one of them pressed. Nothing is shown where there is no choice.

interface Props {
  readonly names: readonly string[];
  readonly chosen: string;
  readonly choose: (name: string) => void;
  /** For screen readers. */
  readonly label: string;
  readonly look?: 'tabs' | 'toggle';
}

export function Tabs({ names, chosen, choose, label, look = 'tabs' }: Props) {
  if (names.length < 2) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be laid out in another way
    <div class={look} role="group" aria-label={label}>
      {names.map((name) => (
        <button type="button" key={name} aria-pressed={name === chosen} onClick={() => choose(name)}>
          {name}
        </button>
      ))}
    </div>
  );
}
