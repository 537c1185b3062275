// The cards of all reports that have one. scripts/build-browser.mjs makes this module of collections/*/card.tsx.
import type { Card } from './card.js';

export const CARDS: readonly Card[];
