// The cookies of one browser for one site, as `document.cookie` reads and writes them, with domains and expiry.

/** Public suffixes: browsers accept no cookie for them. */
const PUBLIC_SUFFIXES = new Set(['test', 'example', 'co.uk', 'uk']);

interface Cookie {
  readonly name: string;
  readonly value: string;
  /** The registrable domain; with `hostOnly`, a host. */
  readonly domain: string;
  readonly hostOnly: boolean;
  readonly endsMs: number;
}

export class Cookies {
  private cookies: Cookie[] = [];

  /** `daysMax`: some browsers expire cookies of scripts earlier than these ask for. */
  constructor(private readonly daysMax = Number.POSITIVE_INFINITY) {}

  read(host: string, nowMs: number): string {
    return this.cookies
      .filter(({ domain, hostOnly, endsMs }) => endsMs > nowMs && (hostOnly ? domain === host : isWithin(host, domain)))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  write(text: string, host: string, nowMs: number): void {
    const [pair = '', ...attributes] = text.split(';');
    const [name = '', value = ''] = pair.split('=');
    const given = new Map(attributes.map((attribute) => attribute.trim().toLowerCase().split('=') as [string, string]));
    const domain = given.get('domain') ?? host;
    const hostOnly = PUBLIC_SUFFIXES.has(domain) && domain === host;
    if (!isWithin(host, domain) || (PUBLIC_SUFFIXES.has(domain) && !hostOnly)) return;
    const days = Math.min(Number(given.get('max-age')) / 86_400, this.daysMax);
    this.cookies = this.cookies.filter((known) => known.name !== name || known.domain !== domain);
    if (days > 0) this.cookies.push({ name, value, domain, hostOnly, endsMs: nowMs + days * 86_400_000 });
  }

  clear(): void {
    this.cookies = [];
  }
}

function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}
