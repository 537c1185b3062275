// The names of fields in logs with named fields (JSON, W3C), for each role the preferred name first. Names are compared
// in lower case and without `_`, `-`, `@` and the like. The names of nested objects are joined with dots.
import type { Role } from '../../../store/imports.js';

export type NamedRole = Role | 'query' | 'date' | 'clock';

export const NAMES: Readonly<Record<NamedRole, readonly string[]>> = {
  time: names(
    'startutc ts timeiso8601 timestamp timelocal timemsec msec starttime startlocal datetime eventtime time',
    'edgestarttimestamp timereceived requesttimestamp localtime timestampms logtime date',
  ),
  // two fields without a zone: UTC in W3C's format, or local if their names say so
  date: names('date datelocal'),
  clock: names('time timelocal'),
  forwarded: names(
    'request.headers.cfconnectingip request.headers.xforwardedfor httpcfconnectingip httpxforwardedfor',
    'requestxforwardedfor xforwardedfor',
    'csxforwardedfor forwardedfor xff headers.xforwardedfor req.headers.xforwardedfor cfconnectingip trueclientip',
    'request.headers.xrealip httpxrealip requestxrealip xrealip originalip',
  ),
  address: names(
    'request.clientip clientip clienthost remoteaddr remoteip request.remoteip request.remoteaddr',
    'remoteaddress cip client clientaddr',
    'clientaddress client.ip client.address source.ip source.address remotehost httprequest.remoteip req.ip',
    'req.remoteaddress ip',
    'downstreamremoteaddress userip realip sourceip visitorip addr remote host.ip',
  ),
  host: names(
    'requesthost request.host httphost xhostheader cshost vhost virtualhost host servername authority',
    'domain domainname',
    'url.domain request.headers.host req.headers.host headers.host clientrequesthost http.host',
    'httprequest.host requestauthority hostname sitename',
  ),
  request: names('request requestline requestfirstline requestfull req httprequest'),
  method: names(
    'requestmethod request.method method httpmethod httprequestmethod verb csmethod http.request.method',
    'http.method httprequest.requestmethod',
    'clientrequestmethod req.method reqmethod',
  ),
  target: names(
    'requesturi request.uri clientrequesturi httprequest.requesturl request.url requesturl csuristem csuri',
    'url.original requestpath request.path',
    'originalurl req.url reqpath xenvoyoriginalpath http.url uri url url.path path uripath httppath target endpoint',
  ),
  query: names('args querystring csuriquery url.query query request.query requestquery'),
  status: names(
    'status downstreamstatus statuscode response.status http.response.statuscode responsestatus',
    'edgeresponsestatus scstatus responsecode',
    'httpstatus requeststatus httpstatuscode httprequest.status response.statuscode res.statuscode',
    'http.statuscode httpcode response code',
  ),
  referrer: names(
    'httpreferer httpreferrer requestreferer request.headers.referer csreferer csreferrer referer referrer',
    'http.request.referrer',
    'httprequest.referer clientrequestreferer req.headers.referer headers.referer request.referer http.referer',
  ),
  agent: names(
    'httpuseragent requestuseragent request.headers.useragent csuseragent useragent useragent.original',
    'agent httpagent ua',
    'httprequest.useragent clientrequestuseragent req.headers.useragent headers.useragent request.useragent',
    'http.useragent agent.original',
  ),
};

function names(...lines: string[]): string[] {
  return lines.join(' ').split(' ');
}

/** `request_User-Agent` → `requestuseragent` */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9.]/g, '');
}

const NUMBERS: ReadonlyMap<string, number> = new Map(
  Object.entries(NAMES).flatMap(([role, list]) => list.map((name, number) => [`${role} ${name}`, number] as const)),
);

/** The position of the name in the list of the role; undefined when it is not in the list. */
export function preference(role: NamedRole, name: string): number | undefined {
  return NUMBERS.get(`${role} ${name}`);
}
