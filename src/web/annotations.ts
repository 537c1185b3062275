// Adding, changing and removing annotations by the API. Each change is recorded.

import {
  type Annotation,
  type AnnotationFields,
  type AnnotationProblem,
  checkAnnotation,
  createAnnotations,
} from '../operations/annotations/annotations.js';
import { annotationChange } from '../operations/audit/changes.js';
import type { Caller } from './callers.js';
import { WebError } from './errors.js';
import type { AppParts } from './parts.js';

type AnnotationParts = Pick<AppParts, 'accounts' | 'audit' | 'nowMs'>;

/** `null`: without a time. */
export type AnnotationChanges = { readonly [Field in keyof AnnotationFields]?: AnnotationFields[Field] | null | undefined };

/** Returns calls that may reject with an AccountsUnavailable or a TooMany, or with a WebError that names the wrong field. */
export function createAnnotationChanges({ accounts, audit, nowMs }: AnnotationParts) {
  const annotations = createAnnotations(accounts, nowMs);
  const checked = (fields: AnnotationFields): AnnotationFields => {
    const result = checkAnnotation(fields);
    if ('problem' in result) throw refused(result.problem);
    return result.checked;
  };
  return {
    ofSite: annotations.ofSite,
    async add({ who }: Caller, site: string, fields: AnnotationFields): Promise<Annotation> {
      const added = await annotations.add(site, checked(fields));
      await audit.record(who, annotationChange(site, undefined, added));
      return added;
    },
    async change({ who }: Caller, site: string, id: string, changes: AnnotationChanges): Promise<Annotation> {
      const before = annotations.ofSite(site).find((one) => one.id === id);
      if (before === undefined) throw new WebError('unknown-annotation');
      const { day = before.day, time = before.time, text = before.text } = changes;
      const fields = checked({ day: day ?? '', time: time ?? undefined, text: text ?? '' });
      const changed = await annotations.change(site, id, fields);
      if (changed === undefined) throw new WebError('unknown-annotation'); // somebody has removed it meanwhile
      await audit.record(who, annotationChange(site, changed.before, changed.after));
      return changed.after;
    },
    async remove({ who }: Caller, site: string, id: string): Promise<void> {
      const removed = await annotations.remove(site, id);
      if (removed === undefined) throw new WebError('unknown-annotation');
      await audit.record(who, annotationChange(site, removed, undefined));
    },
  };
}

function refused({ field, message }: AnnotationProblem): WebError {
  return new WebError('bad-request', message, field);
}
