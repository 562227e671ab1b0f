import { css } from 'lit';

/** How the builder is laid out around its graph. */
export const builderStyles = css`
  .name {
    width: 150px;
    height: 30px;
    font-weight: 600;
  }

  .spring {
    flex: 1;
  }

  .apply {
    border-color: transparent;
    background: var(--accent);
    color: var(--accent-ink);
    font-weight: 650;
  }

  .apply:hover:not(:disabled) {
    background: var(--accent-strong);
    border-color: transparent;
  }

  .totals {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 var(--space-5);
    padding: 0 var(--space-4) var(--space-2);
    font-size: var(--text-s);
    color: var(--ink-2);
  }

  dl {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--space-5);
  }

  dl div {
    display: flex;
    gap: 6px;
  }

  dt {
    color: var(--ink-3);
  }

  dd {
    font-weight: 600;
  }

  .stale {
    opacity: 0.45;
  }

  .fault {
    padding: var(--space-2) var(--space-4);
    background: var(--danger-soft);
    color: var(--danger);
    font-size: var(--text-s);
  }

  cnp-builder-graph {
    flex: 1 1 240px;
    min-height: 220px;
    border-block: 1px solid var(--line);
  }

  cnp-layer-form {
    flex: 0 0 auto;
    max-height: 46%;
    min-height: 150px;
  }

  .waiting {
    margin: auto;
    padding: var(--space-6);
    color: var(--ink-3);
  }

  /* On a phone: the name, what is done to the network, and the two ways out, a line each. */
  @container (max-width: 719px) {
    header .name {
      flex: 1 1 calc(100% - 120px);
    }

    .spring {
      flex: 0 0 100%;
    }

    .apply {
      flex: 1;
    }
  }

  @container (max-width: 1099px) {
    cnp-layer-form {
      max-height: none;
    }
  }
`;
