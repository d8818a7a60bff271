/** The longest text of one prompt, in characters. */
export const longestPromptText = 2000;
