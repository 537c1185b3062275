// The annotations of a site.
import type { z } from 'zod';
import type { Annotation } from '../../operations/annotations/annotations.js';
import { createAnnotationChanges } from '../annotations.js';
import { WebError } from '../errors.js';
import type { AppParts } from '../parts.js';
import { type annotationAnswer, notStored } from './answers.js';
import { annotationChangesBody, jsonBody, newAnnotationBody, readBody } from './bodies.js';
import type { AddCall } from './calls.js';

export function addAnnotations(addCall: AddCall, parts: AppParts): void {
  const annotations = createAnnotationChanges(parts);

  addCall('GET /api/v1/sites/:site/annotations', (_req, res, { site, caller }) => {
    // they say what has happened to the traffic
    if (!caller.mayRead('traffic')) throw new WebError('not-shared');
    notStored(res).json({ annotations: annotations.ofSite(site.id).map(publicAnnotation) });
  });

  addCall(
    'POST /api/v1/sites/:site/annotations',
    async (req, res, { site, caller }) => {
      const { day, time, text } = readBody(req, newAnnotationBody, 'a new annotation');
      const added = await annotations.add(caller, site.id, { day, time: time ?? undefined, text });
      notStored(res).status(201).json(publicAnnotation(added));
    },
    jsonBody,
  );

  addCall(
    'PATCH /api/v1/sites/:site/annotations/:annotation',
    async (req, res, { site, caller }) => {
      const changes = readBody(req, annotationChangesBody, 'a change of an annotation');
      notStored(res).json(publicAnnotation(await annotations.change(caller, site.id, String(req.params.annotation), changes)));
    },
    jsonBody,
  );

  addCall('DELETE /api/v1/sites/:site/annotations/:annotation', async (req, res, { site, caller }) => {
    await annotations.remove(caller, site.id, String(req.params.annotation));
    notStored(res).status(204).end();
  });
}

function publicAnnotation({ id, day, time, text, createdAtMs }: Annotation): z.input<typeof annotationAnswer> {
  return { id, day, time: time ?? null, text, createdAt: new Date(createdAtMs).toISOString() };
}
