// Who may call which route. A route that is not in the table cannot be registered, and a request that matches none is
// refused.

/**
 * - `open`: the same answer for everyone
 * - `anyone`: neither a token nor a session is needed
 * - `first-run`: the set-up secret, until there is an operator
 * - `reader`: a known token or a person
 * - `person`: a person who has signed in; no token
 * - `site-creator`: a person who may own another site, or a token that may write to all sites
 * - `operator`: a person who is an operator
 * - `site-viewer`, `site-editor`, `site-owner`: the right to view, edit or own the site in the address. A site without
 *   the right to view it is answered as if it did not exist.
 * - `site-direct-owner`: a person who owns the site without a team, or a token with the right to own it
 * - `team-creator`: a person who may create teams; see rights.ts
 * - `team-member`, `team-owner`: a person in the team in the address, or an operator. To others the team does not exist.
 */
export type Role =
  | 'open'
  | 'anyone'
  | 'first-run'
  | 'reader'
  | 'person'
  | 'site-creator'
  | 'operator'
  | 'site-viewer'
  | 'site-editor'
  | 'site-owner'
  | 'site-direct-owner'
  | 'team-creator'
  | 'team-member'
  | 'team-owner';

export const ROUTES = {
  'GET /health': 'open',
  'GET /health/live': 'open',
  'GET /health/ready': 'open',
  'GET /track.js': 'open',
  'GET /page.en.js': 'open',
  'GET /page.de.js': 'open',
  'GET /page-dialogs.en.js': 'open',
  'GET /page-dialogs.de.js': 'open',
  'GET /sites.en.js': 'open',
  'GET /sites.de.js': 'open',
  'GET /forms.en.js': 'open',
  'GET /forms.de.js': 'open',
  'GET /start.js': 'open',
  'GET /page.css': 'open',
  'GET /other-pages.css': 'open',
  'GET /api/v1/openapi.json': 'open',
  'GET /setup/:secret': 'first-run',
  'POST /setup/:secret': 'first-run',
  'POST /sign-in': 'anyone',
  'GET /sign-in/code': 'anyone',
  'POST /sign-in/code': 'anyone',
  'POST /sign-in/passkey/options': 'anyone',
  'POST /sign-in/passkey': 'anyone',
  'GET /sign-in/oidc': 'anyone',
  'GET /sign-in/oidc/callback': 'anyone',
  'GET /sign-in/oidc/link': 'anyone',
  'POST /sign-in/oidc/link': 'anyone',
  'POST /sign-out': 'anyone',
  'POST /language': 'anyone',
  'POST /theme': 'anyone',
  'GET /invitations/:secret': 'anyone',
  'POST /invitations/:secret': 'anyone',
  'GET /invitations/:secret/oidc': 'anyone',
  'GET /passwords': 'anyone',
  'POST /passwords': 'anyone',
  'GET /passwords/:secret': 'anyone',
  'POST /passwords/:secret': 'anyone',
  'POST /share/:secret': 'anyone',
  'GET /': 'reader',
  'GET /account': 'person',
  'POST /account/name': 'person',
  'POST /account/language': 'person',
  'POST /account/email': 'person',
  'GET /account/email/:secret': 'person',
  'POST /account/email/:secret': 'person',
  'POST /account/password': 'person',
  'GET /account/two-step': 'person',
  'POST /account/two-step': 'person',
  'POST /account/two-step/off': 'person',
  'GET /account/oidc': 'person',
  'POST /account/oidc/unlink': 'person',
  'POST /account/passkeys/options': 'person',
  'POST /account/passkeys': 'person',
  'POST /account/passkeys/remove': 'person',
  'POST /account/delete': 'person',
  'POST /account/sessions': 'person',
  'GET /people': 'operator',
  'POST /people/invite': 'operator',
  'POST /people/change': 'operator',
  'GET /audit': 'operator',
  'GET /teams': 'person',
  'POST /teams': 'team-creator',
  'GET /teams/:team': 'team-member',
  'POST /teams/:team': 'team-owner',
  'POST /teams/:team/leave': 'team-member',
  'GET /new-site': 'site-creator',
  'POST /new-site': 'site-creator',
  'GET /sites/:site': 'site-viewer',
  'GET /sites/:site/settings': 'site-editor',
  'POST /sites/:site/settings': 'site-editor',
  'GET /sites/:site/installation': 'site-editor',
  'POST /sites/:site/timezone': 'site-editor',
  'POST /sites/:site/tokens': 'site-owner',
  'POST /sites/:site/members': 'site-owner',
  'POST /sites/:site/shares': 'site-owner',
  'GET /sites/:site/changes': 'site-owner',
  'POST /sites/:site/teams': 'site-direct-owner',
  'GET /sites/:site/delete': 'site-direct-owner',
  'POST /sites/:site/delete': 'site-direct-owner',
  'GET /api/v1/account': 'person',
  'PATCH /api/v1/account': 'person',
  'GET /api/v1/sites': 'reader',
  'POST /api/v1/sites': 'site-creator',
  'GET /api/v1/sites/:site': 'site-viewer',
  'PATCH /api/v1/sites/:site': 'site-editor',
  'DELETE /api/v1/sites/:site': 'site-direct-owner',
  'GET /api/v1/sites/:site/tokens': 'site-owner',
  'POST /api/v1/sites/:site/tokens': 'site-owner',
  'DELETE /api/v1/sites/:site/tokens/:prefix': 'site-owner',
  'GET /api/v1/sites/:site/shares': 'site-owner',
  'POST /api/v1/sites/:site/shares': 'site-owner',
  'DELETE /api/v1/sites/:site/shares/:share': 'site-owner',
  'GET /api/v1/sites/:site/annotations': 'site-viewer',
  'POST /api/v1/sites/:site/annotations': 'site-editor',
  'PATCH /api/v1/sites/:site/annotations/:annotation': 'site-editor',
  'DELETE /api/v1/sites/:site/annotations/:annotation': 'site-editor',
  'GET /api/v1/sites/:site/members': 'site-owner',
  'POST /api/v1/sites/:site/members': 'site-owner',
  'PATCH /api/v1/sites/:site/members/:person': 'site-owner',
  'DELETE /api/v1/sites/:site/members/:person': 'site-owner',
  'GET /api/v1/sites/:site/changes': 'site-owner',
  'GET /api/v1/sites/:site/zone-change': 'site-editor',
  'GET /api/v1/sites/:site/live': 'site-viewer',
  'GET /api/v1/sites/:site/reports': 'site-viewer',
  'GET /api/v1/overview': 'reader',
  'GET /api/v1/rollup/:report': 'reader',
  'GET /api/v1/sites/:site/:report': 'site-viewer',
} as const satisfies Record<string, Role>;

export type Route = keyof typeof ROUTES;
export type GuardedRole = Exclude<Role, 'open'>;
export type OpenRoute = { [Key in Route]: (typeof ROUTES)[Key] extends 'open' ? Key : never }[Route];
export type GuardedRoute = Exclude<Route, OpenRoute>;
