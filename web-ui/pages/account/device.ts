/** What a browser calls itself, as people call it. */

/** The first that fits names it; the order matters, for they all pretend to be one another. */
const browsers: [RegExp, string][] = [
  [/Edg(?:e|A|iOS)?\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/HeadlessChrome\/|Chrome\/|CriOS\/|Chromium\//, 'Chrome'],
  [/Version\/[\d.]+.*Safari\//, 'Safari'],
  [/curl\//, 'curl'],
];
const systems: [RegExp, string][] = [
  [/iPhone|iPod/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/CrOS/, 'ChromeOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/Linux|X11/, 'Linux'],
];

const named = (text: string, table: [RegExp, string][]): string | undefined =>
  table.find(([pattern]) => pattern.test(text))?.[1];

/** `Firefox, Windows`; empty when nothing is known. */
export function deviceOf(userAgent: string): string {
  const parts = [named(userAgent, browsers), named(userAgent, systems)].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : userAgent.slice(0, 40);
}
