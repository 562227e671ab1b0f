import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import { checkMessages, type CheckMessages } from './i18n/index.js';

/** Base of the check page's components: the texts come down as a property, what the reader does goes up as an event. */
export abstract class CheckElement extends LitElement {
  @property({ attribute: false }) t: CheckMessages = checkMessages('en');

  protected send<K extends keyof CheckEvents>(
    type: K,
    ...[detail]: CheckEvents[K] extends undefined ? [] : [CheckEvents[K]]
  ): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

/** Everything that travels up, with what it carries. */
export interface CheckEvents {
  'check-run': undefined;
  'check-cancel': undefined;
  'check-files': readonly File[];
  'check-gradient': { model: string; seed: number };
}

export type CheckEvent<K extends keyof CheckEvents> = CustomEvent<CheckEvents[K]>;
