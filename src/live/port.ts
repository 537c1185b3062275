// STUB until the real one is here
import type { Hit } from '../hit/hit.js';
export interface Feed {
  isWatched(site: string): boolean;
  publish(hit: Hit): void;
  state(): { shared: boolean };
  close(): Promise<void>;
}
