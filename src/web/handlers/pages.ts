// The pages for people, and their forms.
import type { Callers } from '../callers.js';
import type { AppParts } from '../parts.js';
import type { AddRoute } from '../security.js';
import { addAccount } from './account.js';
import { addChanges } from './changes.js';
import { addDeleteSite } from './delete-site.js';
import { addForgottenPassword } from './forgotten-password.js';
import { addLanguage } from './language.js';
import { addLinks } from './links.js';
import { addPasskeys } from './passkeys.js';
import { addPeople } from './people.js';
import { addProvider } from './provider.js';
import { addSettings } from './settings.js';
import { addSignIn } from './sign-in.js';
import { addSites } from './sites.js';
import { addTeams } from './teams.js';
import { addTheme } from './theme.js';
import { addTwoStep } from './two-step.js';

export function addPages(addRoute: AddRoute, parts: AppParts, callers: Callers): void {
  addSignIn(addRoute, parts, callers);
  addForgottenPassword(addRoute, parts);
  addProvider(addRoute, parts, callers);
  addLinks(addRoute, parts, callers);
  addAccount(addRoute, parts);
  addLanguage(addRoute, parts, callers);
  addTheme(addRoute, parts);
  addTwoStep(addRoute, parts);
  addPasskeys(addRoute, parts);
  addPeople(addRoute, parts);
  addTeams(addRoute, parts);
  addSites(addRoute, parts);
  addSettings(addRoute, parts);
  addChanges(addRoute, parts);
  addDeleteSite(addRoute, parts);
}
