/** Which family of browsers this is, for advice that fits. */
export type BrowserFamily = 'chrome' | 'firefox' | 'safari' | 'other';

export function browserFamily(userAgent: string): BrowserFamily {
  // Every browser on iOS is Safari inside.
  if (/\b(iPhone|iPad|iPod)\b/.test(userAgent)) return 'safari';
  if (/\bFirefox\//.test(userAgent)) return 'firefox';
  if (/(Chrome|Chromium|Edg)\//.test(userAgent)) return 'chrome';
  if (/\bSafari\//.test(userAgent)) return 'safari';
  return 'other';
}
