// The language that a person has chosen for pages and mails.
import type { IncomingMessage } from 'node:http';
import type { Language } from '../language/languages.js';
import type { SignedIn } from '../people/sessions.js';
import type { Caller } from './callers.js';
import type { AppParts } from './parts.js';
import { createDemandWithin } from './within-limits.js';

/** Changes it; `undefined`: that of the browser. Throws a TooOften if the person changes it again and again. */
export type ChooseLanguage = (req: IncomingMessage, caller: Caller, language: Language | undefined) => Promise<void>;

/** It is not in the audit log, which is about changes that concern others, and which it would fill. */
export function createChooseLanguage(parts: Pick<AppParts, 'people' | 'limits' | 'clientAddress'>): ChooseLanguage {
  const demandWithin = createDemandWithin(parts);
  return async (req, caller, language) => {
    const { person } = caller.signedIn as SignedIn;
    if (person.language === language) return;
    await demandWithin('language', caller, req);
    await parts.people.directory.change(person.id, (now) => ({ ...now, language }));
  };
}
