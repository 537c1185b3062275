// Every text of the page that is neither a card's own nor one of its dialogs (texts/dialogs.ts), in English and German; the
// script of a page has one of them. A card has its texts at the head of its file, collections/*/card.tsx. What is a
// function puts a number or a name into its text.
export { CONNECTION, DIALOGS, HEAD, KEYS, SIGNED_OUT, WAITING } from './texts/frame.js';
export { CARDS, LISTS, READING, UNKNOWN } from './texts/lists.js';
export { CHART, JUST_NOW, LIVE, NUMBERS } from './texts/numbers.js';
export { COMPARED, KEPT, NOTHING, PERIODS } from './texts/periods.js';
