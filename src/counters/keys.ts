// The types of keys. At run time a key is the text that is stored. Its type states the kind of its counter, so that
// the compiler refuses to read a text as a sum. A plain string is accepted for every key.

export type SumKey = string & { readonly holds?: 'sum' };
export type TextKey = string & { readonly holds?: 'text' };
export type SketchKey = string & { readonly holds?: 'sketch' };
/** A level with a sum under each of its keys, which are untrusted. */
export type SumsKey = string & { readonly holds?: 'sums' };
/** A level with another level under each of its keys, which are untrusted. */
export type LevelsKey = string & { readonly holds?: 'levels' };
export type LevelKey = string & { readonly holds?: 'sums' | 'levels' };
