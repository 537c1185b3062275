/** English and German have two forms, and use the second for zero. */
export const plural = (count: number, one: string, several: string): string => (count === 1 ? one : several);
