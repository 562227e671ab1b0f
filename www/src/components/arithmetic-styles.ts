import { css } from 'lit';

/** How the arithmetic of one output value is laid out. */
export const arithmeticStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: var(--space-4);
    height: 100%;
    min-height: 0;
    overflow: auto;
  }

  .maps {
    display: grid;
    grid-template-columns: 2fr 3fr 3fr;
    gap: var(--space-4);
    align-content: start;
    min-width: 0;
  }

  figure {
    display: flex;
    flex-direction: column;
    gap: 4px;
    min-width: 0;
  }

  figcaption {
    display: flex;
    align-items: center;
    gap: 2px;
    height: 26px;
    font-size: var(--text-s);
    color: var(--ink-2);
    white-space: nowrap;
  }

  figcaption span {
    flex: 1;
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .map {
    position: relative;
    border-radius: 3px;
    background: var(--map);
  }

  .map.output {
    cursor: crosshair;
  }

  canvas {
    display: block;
    width: 100%;
    image-rendering: pixelated;
    border-radius: 3px;
  }

  .box {
    position: absolute;
    border: 2px solid #ff2f6d;
    box-shadow: 0 0 0 1px rgb(255 255 255 / 85%);
    border-radius: 1px;
    pointer-events: none;
  }

  .sums {
    grid-column: 1 / -1;
    font-size: var(--text-m);
    line-height: 22px;
  }

  .sums p + p {
    margin-top: 2px;
  }

  .sums .label {
    line-height: 18px;
  }

  .numbers {
    display: grid;
    gap: var(--space-2);
    align-content: start;
    justify-items: start;
  }

  h3 {
    font-size: var(--text-s);
    font-weight: 600;
    line-height: 16px;
    color: var(--ink-2);
  }

  .grid {
    display: grid;
    gap: 2px;
    font-size: 10.5px;
    line-height: 18px;
  }

  .grid span {
    min-width: 32px;
    padding: 0 2px;
    border-radius: 2px;
    text-align: center;
    background: var(--sunken);
  }

  .grid .outside {
    background: none;
    color: var(--ink-3);
    box-shadow: inset 0 0 0 1px var(--line);
  }

  .grid .winner {
    background: var(--accent-soft);
    color: var(--accent-strong);
    font-weight: 650;
  }

  .empty {
    grid-column: 1 / -1;
    place-self: center;
    max-width: 420px;
    text-align: center;
    color: var(--ink-3);
  }

  @container (max-width: 719px) {
    :host {
      display: flex;
      flex-direction: column;
    }
  }
`;
