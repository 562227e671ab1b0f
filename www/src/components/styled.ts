import { noChange, type ElementPart } from 'lit';
import { Directive, directive, PartType, type PartInfo } from 'lit/directive.js';

/** Sets style properties through the CSSOM: `<div ${styled({ left: '4px' })}>`. Lit's own `styleMap` first writes a `style`
 * attribute, which a strict Content-Security-Policy refuses. */
class Styled extends Directive {
  private set = new Map<string, string>();

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('styled() stands in the tag itself.');
  }

  override render(_styles: Readonly<Record<string, string>>): unknown {
    return noChange;
  }

  override update(part: ElementPart, [styles]: [Readonly<Record<string, string>>]): unknown {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(styles)) {
      if (this.set.get(name) === value) continue;
      style.setProperty(name, value);
      this.set.set(name, value);
    }
    return noChange;
  }
}

export const styled = directive(Styled);
