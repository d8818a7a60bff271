/** Light or dark: as the system says, or as this browser was told. */
import { signal } from '@preact/signals';

export type Theme = 'auto' | 'light' | 'dark';

const themeKey = 'cordboard.theme';

function stored(): Theme {
  const value = localStorage.getItem(themeKey);
  return value === 'light' || value === 'dark' ? value : 'auto';
}

export const theme = signal<Theme>('auto');

export function startTheme(): void {
  show(stored());
}

export function chooseTheme(next: Theme): void {
  localStorage.setItem(themeKey, next);
  show(next);
}

function show(next: Theme): void {
  theme.value = next;
  if (next === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
}
