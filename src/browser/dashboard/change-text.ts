// A change in words.
import { partChanged, type SoFar } from './change.js';
import { change, number } from './format.js';

/** `+12%`; `3 → 15` where there were few before; empty where there was nothing. */
export function changeText(numbers: SoFar): string {
  const part = partChanged(numbers);
  if (part !== undefined) return change(part);
  const { now, before } = numbers;
  return now === 0 && before === 0 ? '' : `${number(before)} → ${number(now)}`;
}
