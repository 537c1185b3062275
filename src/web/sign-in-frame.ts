import { relyingPartyAt } from '../people/relying-party.js';
import { basePathOf } from './base-path.js';
import type { SignInFrame } from './pages/sign-in.js';
import type { AppParts } from './parts.js';

/** What all sign-in pages of the service have in common. */
export function signInFrame({ publicUrl, provider }: Pick<AppParts, 'publicUrl' | 'provider'>): SignInFrame {
  return { base: basePathOf(publicUrl()), provider: provider?.label, party: relyingPartyAt(publicUrl()) };
}
