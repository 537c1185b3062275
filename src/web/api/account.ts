// The account of the person who has signed in.
import type { z } from 'zod';
import type { Person } from '../../people/person.js';
import { createChooseLanguage } from '../own-language.js';
import type { AppParts } from '../parts.js';
import { type accountAnswer, notStored } from './answers.js';
import { accountChangesBody, jsonBody, readBody } from './bodies.js';
import type { AddCall } from './calls.js';

export function addAccount(addCall: AddCall, parts: Pick<AppParts, 'people' | 'limits' | 'clientAddress'>): void {
  const chooseLanguage = createChooseLanguage(parts);

  addCall('GET /api/v1/account', (_req, res, { signedIn: { person } }) => {
    notStored(res).json(publicAccount(person));
  });

  addCall(
    'PATCH /api/v1/account',
    async (req, res, { caller, signedIn: { person } }) => {
      const { language } = readBody(req, accountChangesBody, 'an account');
      if (language !== undefined) await chooseLanguage(req, caller, language ?? undefined);
      notStored(res).json(publicAccount(parts.people.directory.person(person.id) ?? person));
    },
    jsonBody,
  );
}

function publicAccount({ id, name, email, language }: Person): z.input<typeof accountAnswer> {
  return { id, name, email, language: language ?? null };
}
