import { css } from 'lit';

/** What every component shares: box model, controls, panels, focus. */
export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :host {
    display: block;
    min-width: 0;
  }

  [hidden] {
    display: none !important;
  }

  h2,
  h3,
  p,
  dl,
  dd,
  figure,
  ul {
    margin: 0;
    padding: 0;
  }

  button,
  input,
  select {
    font: inherit;
    color: inherit;
  }

  button {
    cursor: pointer;
    border: 1px solid transparent;
    background: none;
    padding: 0;
  }

  button:disabled {
    cursor: default;
    opacity: 0.45;
  }

  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }

  .icon {
    display: block;
    width: 16px;
    height: 16px;
    flex: none;
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    height: 32px;
    padding: 0 10px;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-m);
    background: var(--surface);
    font-size: var(--text-m);
    color: inherit;
    text-decoration: none;
    white-space: nowrap;
  }

  .button:hover:not(:disabled) {
    border-color: var(--ink-3);
    background: var(--sunken);
  }

  .button.square {
    width: 32px;
    padding: 0;
  }

  .button.quiet {
    border-color: transparent;
    background: none;
    color: var(--ink-2);
  }

  .button.quiet:hover:not(:disabled) {
    background: var(--sunken);
    color: var(--ink);
  }

  .button.small {
    height: 26px;
    padding: 0 8px;
    font-size: var(--text-s);
  }

  .field {
    height: 32px;
    width: 100%;
    padding: 0 8px;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-m);
    background: var(--surface);
    font-size: var(--text-m);
  }

  .field:hover:not(:disabled) {
    border-color: var(--ink-3);
  }

  select.field {
    appearance: none;
    padding-right: 24px;
    text-overflow: ellipsis;
    background-image:
      linear-gradient(45deg, transparent 50%, var(--ink-3) 50%),
      linear-gradient(-45deg, transparent 50%, var(--ink-3) 50%);
    background-position:
      right 13px center,
      right 9px center;
    background-size: 4px 4px;
    background-repeat: no-repeat;
  }

  /* Fingers. */
  @media (pointer: coarse) {
    .button,
    .field {
      min-height: 44px;
    }

    .button.square {
      min-width: 44px;
    }

    [type='checkbox'] {
      width: 24px;
      height: 24px;
    }
  }

  .panel {
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    box-shadow: var(--shadow);
    min-width: 0;
    min-height: 0;
  }

  .panel-title {
    font-size: var(--text-m);
    font-weight: 650;
    letter-spacing: 0.005em;
    line-height: 20px;
  }

  .label {
    font-size: var(--text-s);
    color: var(--ink-2);
    line-height: 16px;
  }

  .muted {
    color: var(--ink-3);
  }

  .number {
    font-variant-numeric: tabular-nums;
  }

  .mono {
    font-family: var(--mono);
  }

  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  /* The system's own colours are for text and controls; what is drawn with colour keeps its own. */
  @media (forced-colors: active) {
    canvas,
    svg:not(.icon, .mark),
    .track,
    .track *,
    .legend i,
    .box {
      forced-color-adjust: none;
    }

    [aria-pressed='true'],
    [aria-selected='true'] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      transition: none !important;
      animation: none !important;
    }
  }
`;
