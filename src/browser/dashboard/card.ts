// What a report's card is: collections/*/card.tsx. The page finds them by itself (scripts/build-browser.mjs).
import type { ComponentType } from 'preact';
import type { ListsBefore } from './ask.js';
import type { ListAnswer, Tabs } from './list-view.js';
import type { Loaded } from './loaded.js';

export interface Card {
  /** The report's name in the API. */
  readonly report: string;
  /** Where it stands: in one of two columns, which are one below the other on narrow screens, or below both. */
  readonly place: 'left' | 'right' | 'below';
  /** Its place among the cards there, from the top: the smaller number comes first. */
  readonly order: number;
  /** Its report is also asked for the parts of two periods that are over, so that its lists can show changes. */
  readonly isCompared?: boolean;
  /** It asks for its report by itself, so the page does not. */
  readonly asksItself?: boolean;
  readonly View: ComponentType<CardProps>;
  /** Absent: it has no lists, so none can be shown with all their rows. */
  readonly lists?: CardLists;
}

export interface CardProps {
  /** Undefined until the first answers are there. */
  readonly loaded: Loaded | undefined;
}

/** The lists of a card, of any answer of its report: the first rows of a list, or those that were searched for. */
export interface CardLists {
  readonly title: string;
  of(answer: ListAnswer, loaded: Loaded, before: ListsBefore | undefined): Tabs;
}

/** What answers a card. Others will be able to answer what counters cannot. */
export type NumbersFrom = 'counters';

/** Where the numbers of a card are from, and until when hits are in them. */
export interface Origin {
  readonly from: NumbersFrom;
  /** ISO 8601. */
  readonly asOf: string;
}

/** By the order in which a column shows them. */
export function cardsAt(cards: readonly Card[], place: Card['place']): Card[] {
  return cards.filter((card) => card.place === place).sort((a, b) => a.order - b.order);
}
