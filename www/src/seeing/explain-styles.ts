import { css } from 'lit';

/** How the explaining views are laid out. */
export const explainStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: var(--space-2);
    height: 100%;
    min-height: 0;
    overflow: auto;
    scrollbar-width: thin;
  }

  .top {
    display: flex;
    align-items: center;
    flex-wrap: wrap;
    gap: var(--space-2) var(--space-3);
  }

  .top .field {
    width: auto;
    min-width: 7.5rem;
    height: 26px;
    font-size: var(--text-s);
  }

  .cards {
    display: grid;
    grid-template-columns: repeat(3, minmax(0, 1fr));
    gap: var(--space-4);
  }

  figure {
    display: grid;
    grid-template-columns: minmax(80px, 1fr) minmax(104px, 1fr);
    align-items: start;
    align-content: start;
    gap: var(--space-1) var(--space-3);
    min-width: 0;
  }

  h3 {
    grid-column: 1 / -1;
    font-size: var(--text-s);
    font-weight: 650;
    line-height: 18px;
  }

  canvas {
    display: block;
    width: 100%;
    aspect-ratio: 1;
    border-radius: var(--radius-s);
    background: var(--map);
    box-shadow: 0 0 0 1px var(--line);
    image-rendering: pixelated;
  }

  canvas.heat {
    cursor: crosshair;
  }

  .side {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    gap: var(--space-2);
    min-width: 0;
  }

  .side p {
    font-size: var(--text-xs);
    line-height: 15px;
    color: var(--ink-2);
  }

  .hint {
    grid-column: 1 / -1;
    font-size: var(--text-xs);
    line-height: 15px;
    color: var(--ink-2);
  }

  .side .fact {
    min-height: 15px;
    color: var(--ink);
    font-weight: 600;
  }

  .side label {
    max-width: 100%;
    display: flex;
    align-items: center;
    flex-wrap: wrap;
    gap: 2px 6px;
    font-size: var(--text-xs);
    color: var(--ink-2);
  }

  .side .field {
    width: auto;
    max-width: 100%;
    height: 26px;
    font-size: var(--text-xs);
  }

  .side input.field {
    width: 56px;
    padding-right: 4px;
  }

  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }

  progress {
    width: 100%;
    height: 6px;
    accent-color: var(--accent);
  }

  [role='alert'] {
    font-size: var(--text-s);
    color: var(--danger);
  }

  @container (max-width: 719px) {
    .cards {
      grid-template-columns: minmax(0, 1fr);
    }

    figure {
      grid-template-columns: minmax(88px, 180px) minmax(0, 1fr);
    }
  }
`;
