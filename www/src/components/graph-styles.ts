import { css } from 'lit';

export const graphStyles = css`
  header {
    padding-bottom: 0;
  }

  .name {
    flex: 1;
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0 var(--space-2);
    white-space: nowrap;
  }

  /* On a phone what a network was made for takes a second line. */
  @container (max-width: 719px) {
    .name {
      flex: 1 0 100%;
    }

    .name .label {
      min-width: 0;
      white-space: normal;
    }
  }

  .legend {
    display: inline-flex;
    align-items: center;
    gap: 5px;
    color: var(--danger);
  }

  /* As shaders/view.wgsl paints what is no number. */
  .legend i {
    width: 22px;
    height: 12px;
    border-radius: 2px;
    background: repeating-linear-gradient(-45deg, #ff008c 0 3px, #fff 3px 6px);
    box-shadow: 0 0 0 1px var(--line-strong);
  }

  .options {
    display: flex;
    align-items: center;
    gap: var(--space-1);
  }

  .options .field {
    width: auto;
    height: 26px;
    font-size: var(--text-s);
    border-color: transparent;
    background-color: transparent;
    color: var(--ink-2);
  }

  /* Measured in another font than it is written in, Korean would be cut off. */
  .options .field:last-child {
    min-width: 120px;
  }

  .options .field:hover {
    background-color: var(--sunken);
  }

  .scroll {
    flex: 1;
    min-height: 0;
    overflow: auto;
    padding: var(--space-2) var(--space-3) var(--space-3);
    scrollbar-width: thin;
    scrollbar-color: var(--line-strong) transparent;
    display: grid;
    align-items: center;
    justify-items: safe center;
  }

  .graph {
    position: relative;
  }

  .slot {
    position: absolute;
    border-radius: var(--radius-m);
  }

  marker path {
    fill: var(--ink-3);
    stroke: none;
  }
`;
