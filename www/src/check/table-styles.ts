import { css } from 'lit';

/** The tables of cases and of layers. */
export const tables = css`
  .scroll {
    overflow: auto;
    min-height: 0;
    border-radius: 0 0 var(--radius-l) var(--radius-l);
  }

  table {
    width: 100%;
    border-collapse: collapse;
    font-size: var(--text-s);
    line-height: 18px;
  }

  th {
    position: sticky;
    top: 0;
    z-index: 1;
    background: var(--surface);
    box-shadow: inset 0 -1px var(--line);
    color: var(--ink-2);
    font-weight: 500;
    text-align: left;
    white-space: nowrap;
    padding: 6px var(--space-2);
  }

  td {
    padding: 5px var(--space-2);
    border-top: 1px solid var(--line);
    vertical-align: top;
    white-space: nowrap;
  }

  th:first-child,
  td:first-child {
    padding-left: var(--space-4);
  }

  th:last-child,
  td:last-child {
    padding-right: var(--space-4);
  }

  .right {
    text-align: right;
    font-variant-numeric: tabular-nums;
  }

  .name {
    overflow-wrap: anywhere;
    white-space: normal;
  }

  .result {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    font-weight: 600;
  }

  .result .icon {
    width: 14px;
    height: 14px;
  }

  .pass {
    color: var(--accent);
  }

  .fail {
    color: var(--danger);
  }

  .pending {
    color: var(--ink-3);
    font-weight: 400;
  }

  tr.failed td {
    background: var(--danger-soft);
  }

  .words {
    display: block;
    margin-top: 2px;
    color: var(--danger);
    white-space: normal;
    overflow-wrap: anywhere;
  }

  .meter {
    display: inline-block;
    width: 44px;
    height: 4px;
    margin-left: var(--space-2);
    border-radius: 2px;
    background: var(--map);
    vertical-align: middle;
    overflow: hidden;
  }

  .meter i {
    display: block;
    height: 100%;
    border-radius: 2px;
    background: var(--accent);
  }

  .failed .meter i {
    background: var(--danger);
  }
`;
