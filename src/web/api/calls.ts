// The calls of the API except the reports: what each takes and answers. The OpenAPI document is made from this table.
import type { RequestHandler } from 'express';
import type { z } from 'zod';
import type { GuardedRoute, Route } from '../routes.js';
import type { Handler } from '../security.js';
import {
  accountAnswer,
  annotationAnswer,
  annotationsAnswer,
  changedSiteAnswer,
  memberAnswer,
  membersAnswer,
  newInvitationAnswer,
  newShareAnswer,
  newTokenAnswer,
  sharesAnswer,
  siteAnswer,
  sitesAnswer,
  tokensAnswer,
  zoneChangeAnswer,
} from './answers.js';
import {
  accountChangesBody,
  annotationChangesBody,
  invitationBody,
  newAnnotationBody,
  newShareBody,
  newSiteBody,
  newTokenBody,
  roleBody,
  siteChangesBody,
} from './bodies.js';
import { changesAnswer, changesQuery } from './changes.js';
import { overviewAnswer, overviewQuery } from './overview.js';
import { zoneChangeQuery } from './zone-changes.js';

type ReportCall = 'GET /api/v1/sites/:site/reports' | 'GET /api/v1/sites/:site/:report' | 'GET /api/v1/rollup/:report';
/** A call other than those for reports. */
type PlainCall = Extract<Exclude<GuardedRoute, ReportCall>, `${string} /api/${string}`>;

/** Adds a call that takes no parameters beside those in its path. */
export type AddCall = <Key extends PlainCall>(route: Key, handler: Handler<Key>, ...before: RequestHandler[]) => void;

export interface Schema {
  /** In the components of the document. */
  readonly name: string;
  readonly schema: z.ZodType;
}

interface Answer {
  readonly description: string;
  readonly content?: Schema;
  /** Whether the caller may ask for a file instead. */
  readonly isAlsoCsv?: boolean;
}

export interface Call {
  readonly summary: string;
  /** It needs the session of a person; a token cannot call it. */
  readonly isForPeople?: boolean;
  /** The parameters beside those in the path. */
  readonly query?: z.ZodObject;
  readonly body?: Schema;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Their statuses. */
  readonly errors: readonly number[];
}

const site: Schema = { name: 'Site', schema: siteAnswer };
const account: Schema = { name: 'Account', schema: accountAnswer };
const annotation: Schema = { name: 'Annotation', schema: annotationAnswer };

const CHANGE_ERRORS = [400, 401, 403, 404, 429, 503];
const CONFLICT_ERRORS = [400, 401, 403, 404, 409, 429, 503];

/** The live stream answers no JSON, so it is described apart. */
export const CALLS = {
  'GET /api/v1/account': {
    summary: 'The account of the person who has signed in',
    isForPeople: true,
    answers: { 200: { description: 'OK', content: account } },
    errors: [400, 401, 403, 429],
  },
  'PATCH /api/v1/account': {
    summary: 'Changes the language of the person who has signed in',
    isForPeople: true,
    body: { name: 'AccountChanges', schema: accountChangesBody },
    answers: { 200: { description: 'The account', content: account } },
    errors: [400, 401, 403, 429, 503],
  },
  'GET /api/v1/sites': {
    summary: 'The sites that the token reads',
    answers: { 200: { description: 'OK', content: { name: 'Sites', schema: sitesAnswer } } },
    errors: [400, 401, 429],
  },
  'GET /api/v1/overview': {
    summary: 'Today and yesterday, who is here now, and the views of a month, of all sites in one answer',
    query: overviewQuery,
    answers: { 200: { description: 'OK', content: { name: 'Overview', schema: overviewAnswer }, isAlsoCsv: true } },
    errors: [400, 401, 404, 429, 503],
  },
  'POST /api/v1/sites': {
    summary: 'Creates a site. May be repeated: the call with the same settings then answers the site',
    body: { name: 'NewSite', schema: newSiteBody },
    answers: {
      201: { description: 'The new site', content: site },
      200: { description: "The caller's own site, which had these settings already", content: site },
    },
    errors: [400, 401, 403, 409, 429, 503],
  },
  'DELETE /api/v1/sites/:site': {
    summary: 'Deletes a site with everything that was counted. Its id can never be used again. May be repeated',
    answers: { 202: { description: 'The deletion has begun. It takes up to some minutes' } },
    errors: [400, 401, 403, 404, 429, 503],
  },
  'GET /api/v1/sites/:site': {
    summary: 'One site',
    answers: { 200: { description: 'OK', content: site } },
    errors: [400, 401, 404, 429],
  },
  'PATCH /api/v1/sites/:site': {
    summary: 'Changes the given settings of a site',
    body: { name: 'SiteChanges', schema: siteChangesBody },
    answers: { 200: { description: 'The changed site', content: { name: 'ChangedSite', schema: changedSiteAnswer } } },
    errors: CHANGE_ERRORS,
  },
  'GET /api/v1/sites/:site/tokens': {
    summary: 'The tokens of a site, without those for all sites',
    answers: { 200: { description: 'OK', content: { name: 'Tokens', schema: tokensAnswer } } },
    errors: CHANGE_ERRORS,
  },
  'POST /api/v1/sites/:site/tokens': {
    summary: 'Creates a token for this site',
    body: { name: 'NewToken', schema: newTokenBody },
    answers: { 201: { description: 'The new token', content: { name: 'CreatedToken', schema: newTokenAnswer } } },
    errors: CONFLICT_ERRORS,
  },
  'DELETE /api/v1/sites/:site/tokens/:prefix': {
    summary: 'Revokes a token that is only for this site',
    answers: { 204: { description: 'The token was revoked' } },
    errors: CHANGE_ERRORS,
  },
  'GET /api/v1/sites/:site/shares': {
    summary: 'The share links of a site, the newest first, also those that have expired',
    answers: { 200: { description: 'OK', content: { name: 'Shares', schema: sharesAnswer } } },
    errors: CHANGE_ERRORS,
  },
  'POST /api/v1/sites/:site/shares': {
    summary: 'Creates a link that shows the reports of this site to anybody who has it',
    body: { name: 'NewShare', schema: newShareBody },
    answers: { 201: { description: 'The new share link', content: { name: 'CreatedShare', schema: newShareAnswer } } },
    errors: CONFLICT_ERRORS,
  },
  'DELETE /api/v1/sites/:site/shares/:share': {
    summary: 'Revokes a share link',
    answers: { 204: { description: 'The link was revoked' } },
    errors: CHANGE_ERRORS,
  },
  'GET /api/v1/sites/:site/annotations': {
    summary: 'The annotations of a site: notes on a day or at a time, such as deployments',
    answers: { 200: { description: 'OK', content: { name: 'Annotations', schema: annotationsAnswer } } },
    errors: CHANGE_ERRORS,
  },
  'POST /api/v1/sites/:site/annotations': {
    summary: 'Adds an annotation',
    body: { name: 'NewAnnotation', schema: newAnnotationBody },
    answers: { 201: { description: 'The new annotation', content: annotation } },
    errors: CONFLICT_ERRORS,
  },
  'PATCH /api/v1/sites/:site/annotations/:annotation': {
    summary: 'Changes the given fields of an annotation',
    body: { name: 'AnnotationChanges', schema: annotationChangesBody },
    answers: { 200: { description: 'The changed annotation', content: annotation } },
    errors: CHANGE_ERRORS,
  },
  'DELETE /api/v1/sites/:site/annotations/:annotation': {
    summary: 'Removes an annotation',
    answers: { 204: { description: 'The annotation was removed' } },
    errors: CHANGE_ERRORS,
  },
  'GET /api/v1/sites/:site/members': {
    summary: 'The people who have a role on this site, the teams that contain it, and the invitations that are still valid',
    answers: { 200: { description: 'OK', content: { name: 'Members', schema: membersAnswer } } },
    errors: CHANGE_ERRORS,
  },
  'POST /api/v1/sites/:site/members': {
    summary: 'Invites somebody to this site by a link',
    body: { name: 'NewInvitation', schema: invitationBody },
    answers: { 201: { description: 'The invitation', content: { name: 'CreatedInvitation', schema: newInvitationAnswer } } },
    errors: CONFLICT_ERRORS,
  },
  'PATCH /api/v1/sites/:site/members/:person': {
    summary: 'Changes the role of a member. A site keeps at least one owner',
    body: { name: 'MemberRole', schema: roleBody },
    answers: { 200: { description: 'The member', content: { name: 'Member', schema: memberAnswer } } },
    errors: CONFLICT_ERRORS,
  },
  'DELETE /api/v1/sites/:site/members/:person': {
    summary: 'Removes a member from this site. A site keeps at least one owner',
    answers: { 204: { description: 'The person is no member any more' } },
    errors: CONFLICT_ERRORS,
  },
  'GET /api/v1/sites/:site/changes': {
    summary: 'Who changed what on this site, the newest first',
    query: changesQuery,
    answers: { 200: { description: 'OK', content: { name: 'Changes', schema: changesAnswer } } },
    errors: CHANGE_ERRORS,
  },
  'GET /api/v1/sites/:site/zone-change': {
    summary: 'What a change of the time zone would do now, and when it would do least. Changes nothing',
    query: zoneChangeQuery,
    answers: { 200: { description: 'OK', content: { name: 'ZoneChange', schema: zoneChangeAnswer } } },
    errors: CHANGE_ERRORS,
  },
} as const satisfies Partial<Record<Route, Call>>;
