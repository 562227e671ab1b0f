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

  cnp-network-builder,
  cnp-compare-view {
    flex: 1;
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
        'data train'
        'insp insp';
      /* What is higher on the right is blank below the data, not amid the panels. */
      grid-template-rows: auto auto auto 1fr auto;
      align-items: start;
    }

    .column {
      display: contents;
    }

    cnp-network-graph {
      grid-area: net;
      height: 380px;
      min-height: min(560px, var(--wanted, 0px));
    }

    cnp-network-builder,
    cnp-compare-view {
      grid-area: net;
    }

    cnp-train-bar {
      grid-area: bar;
    }

    cnp-training-panel {
      grid-area: train;
      align-self: stretch;
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

    cnp-data-panel {
      order: 4;
    }

    cnp-inspector-panel {
      order: 5;
      flex: none;
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

  /* Some panels only, as a host page chose them: the columns that are there share the width. */
  .columns.partial {
    display: flex;
    align-items: stretch;
  }

  .partial .column {
    display: flex;
    flex: 1 1 0;
  }

  .partial.middle .left {
    flex: 0 0 256px;
  }

  .partial.middle .right {
    flex: 0 0 312px;
  }

  .partial.left:not(.middle) .left {
    flex: 0 1 288px;
  }

  .partial cnp-network-graph {
    height: auto;
    flex: 1 1 340px;
    min-height: min(660px, var(--wanted, 260px));
  }

  .partial cnp-training-panel {
    flex: 1 1 auto;
    min-height: 480px;
  }

  /* Its curves take room once there is something to draw. */
  .partial cnp-training-panel[unsettled] {
    min-height: 0;
  }

  /* Nothing stands right but the buttons: they become a row above the rest. */
  .partial.row {
    flex-flow: column;
  }

  .partial.row .column {
    flex: none;
  }

  .partial.row .right {
    order: -1;
  }

  .partial.row cnp-train-bar {
    display: grid;
    grid-template-columns: minmax(240px, 320px) 1fr minmax(300px, 400px);
    align-items: center;
    gap: var(--space-5);
    padding: var(--space-2) var(--space-4) var(--space-2) var(--space-2);
  }

  .partial .waiting {
    inset: 0;
  }

  @container (max-width: 1099px) {
    .partial cnp-inspector-panel {
      flex: none;
    }

    .partial.left.middle.right:not(.row) {
      flex-wrap: wrap;
    }

    .partial.left.middle.right .left {
      order: 3;
      flex: 1 1 100%;
    }

    .partial.left.middle.right .middle {
      flex: 1 1 340px;
    }
  }

  @container (max-width: 719px) {
    .columns.partial,
    .partial.left.middle.right {
      flex-flow: column;
    }

    .partial.row cnp-train-bar {
      grid-template-columns: minmax(170px, auto) 1fr;
      gap: 0 var(--space-3);
      padding: var(--space-2) var(--space-3);
    }

    .partial cnp-training-panel {
      flex: none;
    }

    .partial .column,
    .partial.middle .column.left,
    .partial.middle .column.right,
    .partial.left.middle.right .column {
      flex: none;
    }

    .partial cnp-train-bar {
      order: 0;
      position: static;
      margin: 0;
      border-width: 1px;
      border-radius: var(--radius-l);
      box-shadow: none;
    }

    .partial cnp-network-graph {
      flex: none;
      height: 330px;
    }
  }
`;
