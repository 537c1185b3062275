// Numbers by which MongoDB and compatible servers tell errors; their texts differ.

export const DUPLICATE_KEY = 11000;
