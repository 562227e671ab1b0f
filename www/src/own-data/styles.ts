import { css } from 'lit';

/** Opening pictures of one's own: what the list of saved runs, the other dialog, does not have. */
export const ownDataStyles = css`
  .body {
    display: grid;
    gap: var(--space-3);
    padding: 0 var(--space-5) var(--space-4);
    overflow: auto;
    scrollbar-width: thin;
  }

  .found {
    display: grid;
    gap: var(--space-4);
  }

  .main {
    border-color: transparent;
    background: var(--accent);
    font-weight: 650;
    color: var(--accent-ink);
  }

  .main:hover:not(:disabled) {
    border-color: transparent;
    background: var(--accent-strong);
  }

  .drop {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2) var(--space-3);
    padding: var(--space-5);
    border: 1px dashed var(--line-strong);
    border-radius: var(--radius-m);
    font-size: var(--text-s);
    color: var(--ink-2);
  }

  .drop.over {
    border-color: var(--accent);
    background: var(--accent-soft);
  }

  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
    gap: var(--space-2) var(--space-3);
  }

  .fields div {
    display: grid;
    gap: 2px;
    font-size: var(--text-s);
    color: var(--ink-2);
  }

  .classes {
    display: grid;
    flex: none;
    grid-template-columns: repeat(auto-fill, minmax(76px, 1fr));
    gap: var(--space-2);
    max-height: none;
    border: 0;
    overflow: visible;
  }

  .classes li {
    display: block;
    padding: 0;
    border: 0;
    font-size: var(--text-xs);
    line-height: 15px;
    color: var(--ink-2);
  }

  .classes b {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    color: var(--ink);
  }

  .classes canvas {
    display: block;
    width: 100%;
    aspect-ratio: 1;
    border-radius: 4px;
    background: var(--sunken);
    image-rendering: pixelated;
  }

  .hint {
    font-size: var(--text-s);
    line-height: 18px;
    color: var(--ink-2);
  }

  .bad {
    font-size: var(--text-s);
    line-height: 18px;
    color: var(--danger);
  }

  progress {
    width: 100%;
    accent-color: var(--accent);
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
  }

  h3 {
    padding: var(--space-3) var(--space-5) 0;
    border-top: 1px solid var(--line);
    font-size: var(--text-s);
    font-weight: 650;
    color: var(--ink-2);
  }

  .stored {
    border-top: 0;
  }

  .stored li {
    grid-template-columns: minmax(0, 1fr) auto;
  }

  @media (max-width: 560px) {
    .body,
    h3 {
      padding-left: var(--space-4);
      padding-right: var(--space-4);
    }

    .drop {
      padding: var(--space-4) var(--space-3);
    }
  }
`;
