import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import { messages, type Messages } from '../i18n/index.js';

/** Base of the components: the texts come down as a property, what the reader does goes up as an event. */
export abstract class PlaygroundElement extends LitElement {
  @property({ attribute: false }) t: Messages = messages('en');

  /** Sends an event to whoever placed this component. */
  protected send<K extends keyof ComponentEvents>(
    type: K,
    ...[detail]: ComponentEvents[K] extends undefined ? [] : [ComponentEvents[K]]
  ): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

/** Everything that travels up, with what it carries. */
export interface ComponentEvents {
  'cnp-settings': Partial<import('../state.js').Settings>;
  /** Opening own pictures begins or ends. */
  'cnp-own-data': boolean;
  'cnp-edit': boolean;
  'cnp-play': undefined;
  'cnp-pause': undefined;
  'cnp-step': undefined;
  'cnp-reset': undefined;
  'cnp-reset-slower': undefined;
  'cnp-go-back': undefined;
  /** Names of saved runs. */
  'cnp-resume': string;
  'cnp-pin': undefined;
  'cnp-unpin': number;
  /** Two runs side by side; `next`: the present run becomes the one to compare with. */
  'cnp-compare': 'open' | 'next' | 'close';
  'cnp-discard': readonly string[];
  /** No saved run is wanted in this visit. */
  'cnp-unoffer': undefined;
  /** The list of saved runs opens or closes. */
  'cnp-saved': boolean;
  'cnp-restart': undefined;
  'cnp-dismiss': undefined;
  'cnp-layer': string;
  /** The chosen layer is to be looked at: its card was pressed. */
  'cnp-inspect': HTMLElement;
  'cnp-sample': import('../engine/api.js').Sample;
  'cnp-drawing': Float32Array;
  /** Kernels are measured again. */
  'cnp-measure': undefined;
  'cnp-first': import('../engine/protocol.js').FirstWeights | null;
  'cnp-look': Partial<import('../playground.js').Look>;
}

/** For templates: `@cnp-layer=${handler}`. */
export type ComponentEvent<K extends keyof ComponentEvents> = CustomEvent<ComponentEvents[K]>;
