import { css } from 'lit';

/** How the panels stand: three columns, two, or one, by the room the element has (not the window: it may be embedded). */
export const shell = css`
  :host {
    container-type: inline-size;
    background: var(--paper);
    color: var(--ink);
    font-family: var(--sans);
    font-size: var(--text-m);
    line-height: 1.45;
    -webkit-font-smoothing: antialiased;
    text-rendering: optimizeLegibility;
  }

  .shell {
    display: flex;
    flex-direction: column;
    gap: var(--space-2);
    min-height: 100%;
    padding: var(--space-2) var(--space-3) var(--space-3);
  }

  cnp-unsupported-message {
    flex: 1;
  }

  .columns {
    flex: 1;
    min-height: 0;
    display: grid;
    grid-template-columns: 256px minmax(0, 1fr) 312px;
    gap: var(--space-3);
  }

  .column {
    display: flex;
    flex-direction: column;
    gap: var(--space-3);
    min-height: 0;
    min-width: 0;
    position: relative;
  }

  cnp-data-panel {
    flex: 1 1 auto;
  }

  cnp-draw-panel {
    flex: none;
  }

  cnp-network-graph {
    flex: 0.95 1 340px;
    min-height: 260px;
  }

  cnp-inspector-panel {
    flex: 1 1 360px;
    min-height: 240px;
  }

  cnp-training-panel {
    flex: 1;
  }

  .waiting {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    color: var(--ink-3);
    pointer-events: none;
  }

  @container (min-width: 1100px) {
    .shell {
      height: 100%;
    }
  }

  @container (max-width: 1099px) {
    .columns {
      grid-template-columns: minmax(0, 1fr) 320px;
      grid-template-areas:
        'net bar'
        'net train'
        'draw train'
        'insp insp'
        'data data';
      align-items: start;
    }

    .column {
      display: contents;
    }

    cnp-network-graph {
      grid-area: net;
      height: 380px;
    }

    cnp-train-bar {
      grid-area: bar;
    }

    cnp-training-panel {
      grid-area: train;
      min-height: 560px;
    }

    cnp-draw-panel {
      grid-area: draw;
    }

    cnp-inspector-panel {
      grid-area: insp;
    }

    cnp-data-panel {
      grid-area: data;
    }

    .waiting {
      inset: 100px 0 auto;
    }
  }

  @container (max-width: 719px) {
    .shell {
      padding: var(--space-2) var(--space-2) 0;
    }

    .columns {
      display: flex;
      flex-direction: column;
      align-items: stretch;
      gap: var(--space-2);
    }

    cnp-network-graph {
      order: 1;
      flex: none;
      height: 330px;
    }

    cnp-draw-panel {
      order: 2;
    }

    cnp-training-panel {
      order: 3;
      flex: none;
      min-height: 0;
    }

    cnp-inspector-panel {
      order: 4;
      flex: none;
    }

    cnp-data-panel {
      order: 5;
    }

    cnp-train-bar {
      order: 6;
      position: sticky;
      bottom: 0;
      z-index: 1;
      margin: 0 calc(-1 * var(--space-2));
      border-radius: var(--radius-l) var(--radius-l) 0 0;
      border-width: 1px 0 0;
      padding-bottom: max(var(--space-2), env(safe-area-inset-bottom));
      box-shadow: 0 -4px 16px rgb(0 0 0 / 8%);
    }
  }
`;
