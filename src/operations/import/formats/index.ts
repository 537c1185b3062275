// The supported log formats, by the names that `--format` takes.
import { haproxy } from './haproxy.js';
import { JSON_FORMATS } from './json.js';
import type { LogFormat } from './log-line.js';
import { POSITIONAL_FORMATS } from './positional.js';
import { TEXT_FORMATS } from './text-formats.js';
import { W3C_FORMATS } from './w3c.js';

export const LOG_FORMATS: readonly LogFormat[] = [
  ...TEXT_FORMATS,
  ...POSITIONAL_FORMATS,
  haproxy,
  ...JSON_FORMATS,
  ...W3C_FORMATS,
];

/** Alternative names that `--format` takes. */
export const ALIASES: Readonly<Record<string, string>> = { iis: 'w3c', 'nginx-json': 'json', npm: 'nginx-proxy-manager' };

export function formatNamed(key: string): LogFormat | undefined {
  return LOG_FORMATS.find((format) => format.key === key);
}
