/** What a theme means on this system: its own preferences stand in where the theme is left to it. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Theme } from '../state.js';

const DARK = '(prefers-color-scheme: dark)';
const CONTRAST = '(prefers-contrast: more)';

export interface Appearance {
  dark: boolean;
  contrast: boolean;
}

/** The high-contrast theme is black on white, or white on black where the system is dark. */
export function appearanceOf(
  theme: Theme,
  prefers: (query: string) => boolean = (query) => globalThis.matchMedia(query).matches,
): Appearance {
  return {
    dark: theme === 'dark' || (theme !== 'light' && prefers(DARK)),
    contrast: theme === 'contrast' || prefers(CONTRAST),
  };
}

const changes = new EventTarget();

/** Has a component paint anew when the colours change: what lies on a canvas does not follow by itself. */
export class Repainting implements ReactiveController {
  constructor(
    host: ReactiveControllerHost,
    private readonly paint: () => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    changes.addEventListener('change', this.paint);
  }

  hostDisconnected(): void {
    changes.removeEventListener('change', this.paint);
  }
}

/** Puts it where the styles look for it. */
export function dress(element: HTMLElement, theme: Theme): Appearance {
  const appearance = appearanceOf(theme);
  const before = `${element.dataset['theme']} ${element.hasAttribute('data-contrast')}`;
  element.dataset['theme'] = appearance.dark ? 'dark' : 'light';
  element.toggleAttribute('data-contrast', appearance.contrast);
  if (before !== `${element.dataset['theme']} ${appearance.contrast}`) changes.dispatchEvent(new Event('change'));
  return appearance;
}

/** Tells of every change of the system's preferences, until the returned function is called. */
export function watchAppearance(changed: () => void): () => void {
  const queries = [DARK, CONTRAST].map((query) => globalThis.matchMedia(query));
  for (const query of queries) query.addEventListener('change', changed);
  return () => {
    for (const query of queries) query.removeEventListener('change', changed);
  };
}
