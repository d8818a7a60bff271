import { en } from './en.ts';
import type { Catalogue } from './translate.ts';
export const hu: Catalogue = en;
