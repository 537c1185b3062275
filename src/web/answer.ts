/** Response headers by name. */
export type Headers = Readonly<Record<string, string>>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string | Buffer;
  /** The body, compressed already, by its encoding. */
  readonly compressed?: Readonly<Partial<Record<'br' | 'gzip', Buffer>>>;
}
