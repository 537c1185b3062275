// What the page shows, as the part of its address after the #: `#month&compare=year-before&page=/about`.

export const PERIODS = ['today', 'month', 'year'] as const;
export type Shown = (typeof PERIODS)[number];

export const COMPARISONS = ['previous', 'year-before', 'nothing'] as const;
export type Comparison = (typeof COMPARISONS)[number];

export interface Address {
  readonly shown: Shown;
  readonly comparison: Comparison;
  /** The path of the page whose panel is open; empty: the unknown page. */
  readonly page: string | undefined;
}

/** Parts that cannot be read are ignored. */
export function readAddress(hash: string): Address {
  const parts = hash.replace(/^#/, '').split('&');
  const value = (name: string) => parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1);
  return {
    shown: PERIODS.find((name) => parts.includes(name)) ?? 'today',
    comparison: COMPARISONS.find((name) => name === value('compare')) ?? 'previous',
    page: decoded(value('page')),
  };
}

/** Empty for the defaults. */
export function addressOf({ shown, comparison, page }: Address): string {
  const parts = [
    ...(shown === 'today' ? [] : [shown]),
    ...(comparison === 'previous' ? [] : [`compare=${comparison}`]),
    ...(page === undefined ? [] : [`page=${encodeURIComponent(page).replaceAll('%2F', '/')}`]),
  ];
  return parts.length === 0 ? '' : `#${parts.join('&')}`;
}

function decoded(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
