/** Whether something shall really be deleted, asked in the place of the button that deletes. */
import { html, type TemplateResult } from 'lit';
import type { SavesMessages } from './i18n/index.js';

interface Question {
  /** What asks, for `focusOn`. */
  id: string;
  text: string;
  keep: () => void;
  remove: () => void;
}

/** Who presses twice by mistake keeps it. */
export function asking(s: SavesMessages, { id, text, keep, remove }: Question): TemplateResult {
  return html`
    <span class="sure" role="alert">${text}</span>
    <button class="button small danger" @click=${remove}>${s.yes}</button>
    <button class="button small" data-asks=${id} @click=${keep}>${s.no}</button>
  `;
}

/** A button that makes way for its question, or comes back, hands on its focus. */
export function focusOn(id: string, root: ShadowRoot | null): void {
  root?.querySelector<HTMLElement>(`[data-asks="${id}"]`)?.focus();
}
