// The form with the settings of a site: what was typed, and the changes that this makes.
import type { Request } from 'express';
import type { Site } from '../../hit/site.js';
import type { FieldProblem } from '../../people/person.js';
import { type SettingsSent, type SettingsTyped, typedOf } from '../settings-typed.js';
import { fieldProblem, hostsOf, linesOf, listOf, textField } from './form.js';

/** A field that was not sent stays as it is. */
export function settingsSent(req: Request, site: Site): SettingsSent {
  const body = (req.body ?? {}) as Readonly<Record<string, unknown>>;
  const shown = Object.entries(typedOf(site)).map(([name, value]) => [
    name,
    Object.hasOwn(body, name) ? textField(req, name) : value,
  ]);
  return { typed: Object.fromEntries(shown) as SettingsTyped, seen: textField(req, 'seen') };
}

const LISTS: Readonly<Partial<Record<keyof SettingsTyped, (text: string) => string[]>>> = {
  hosts: hostsOf,
  excludedAddresses: listOf,
  excludedPaths: linesOf,
  excludedReferrers: hostsOf,
  queryParameters: listOf,
};
const GRAINS = { keepDays: 'day', keepMonths: 'month', keepYears: 'year' } as const;

/** The changed fields as settings by their names in `Site`, not checked. */
export function changesOf(changed: Partial<SettingsTyped>, before: Site): Record<string, unknown> {
  const changes: Record<string, unknown> = {};
  const keep: Record<string, unknown> = { ...before.keep };
  const isKeepChanged = Object.keys(changed).some((name) => name in GRAINS);
  for (const [name, text] of Object.entries(changed) as Array<[keyof SettingsTyped, string]>) {
    if (!(name in GRAINS)) changes[name] = LISTS[name]?.(text) ?? text;
    else if (text === '') delete keep[GRAINS[name as keyof typeof GRAINS]];
    else keep[GRAINS[name as keyof typeof GRAINS]] = /^\d+$/.test(text) ? Number(text) : text;
  }
  return isKeepChanged ? { ...changes, keep } : changes;
}

/** What is wrong with `keep` is shown at its first field. */
export function namedAsInForm(problems: readonly FieldProblem[]): FieldProblem[] {
  return problems.map((problem) => (problem.field === 'keep' ? { ...problem, field: 'keepDays' } : problem));
}

const SHOWN_CHARS_MAX = 200;

export function conflictProblems(conflicts: ReadonlyArray<keyof SettingsTyped>, current: SettingsTyped): FieldProblem[] {
  return conflicts.map((field) => {
    const now = current[field].replaceAll('\n', ', ');
    const shown = now.length > SHOWN_CHARS_MAX ? `${now.slice(0, SHOWN_CHARS_MAX)}…` : now;
    return fieldProblem(field, {
      en: `Somebody else has changed this meanwhile, to: ${shown || 'nothing'}. Check it, and save again.`,
      de: `Jemand anderes hat das inzwischen geändert, zu: ${shown || 'nichts'}. Prüfen Sie es, und speichern Sie noch einmal.`,
    });
  });
}
