import { css } from 'lit';

/** How the check page stands: the table beside what is known of the GPU, or one below the other. */
export const page = css`
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
    gap: var(--space-3);
    max-width: 1320px;
    height: 100%;
    min-height: 0;
    margin: 0 auto;
    padding: var(--space-2) var(--space-3) var(--space-3);
  }

  .top {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 var(--space-3);
    padding: 0 var(--space-1);
  }

  h1 {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    margin: 0;
    font-size: 16px;
    font-weight: 680;
    letter-spacing: -0.01em;
    line-height: 32px;
    white-space: nowrap;
  }

  .mark {
    width: 20px;
    height: 20px;
    color: var(--accent);
  }

  .tools {
    display: flex;
    gap: 2px;
    margin-left: auto;
  }

  .intro {
    flex-basis: 100%;
    color: var(--ink-2);
    line-height: 20px;
    word-break: keep-all;
    overflow-wrap: anywhere;
  }

  .problem {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2) var(--space-3);
    padding: var(--space-2) var(--space-2) var(--space-2) var(--space-4);
    border: 1px solid color-mix(in srgb, var(--danger) 35%, transparent);
    border-radius: var(--radius-l);
    background: var(--danger-soft);
  }

  .problem .icon {
    color: var(--danger);
  }

  .problem p {
    flex: 1 1 280px;
    overflow-wrap: anywhere;
  }

  cnp-unsupported-message {
    flex: 1;
  }

  .columns {
    flex: 1;
    display: grid;
    grid-template-columns: minmax(0, 1fr) 420px;
    gap: var(--space-3);
    min-height: 0;
  }

  .side {
    display: flex;
    flex-direction: column;
    gap: var(--space-3);
    min-height: 0;
  }

  cnp-device-panel {
    flex: none;
  }

  cnp-gradient-panel {
    flex: 0 1 auto;
    min-height: 240px;
  }

  @container (max-width: 1099px) {
    .shell {
      height: auto;
    }

    .columns {
      grid-template-columns: minmax(0, 1fr);
    }

    .side {
      order: -1;
    }
  }

  @container (max-width: 719px) {
    .shell {
      gap: var(--space-2);
      padding: var(--space-2) var(--space-2) max(var(--space-3), env(safe-area-inset-bottom));
    }

    .columns,
    .side {
      gap: var(--space-2);
    }
  }
`;
