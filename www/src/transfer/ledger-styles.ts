import { css } from 'lit';

/** The looks of the cost ledger. */
export const ledger = css`
  :host {
    display: block;
  }

  h3 {
    margin-bottom: var(--space-2);
    font-size: var(--text-s);
    font-weight: 650;
  }

  p {
    font-size: var(--text-s);
    line-height: 16px;
    color: var(--ink-3);
  }

  .wrong {
    color: var(--danger);
  }

  .choices {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: var(--space-2) var(--space-3);
    margin-bottom: var(--space-3);
  }

  .choices label {
    display: grid;
    gap: 3px;
  }

  .choices p {
    padding-bottom: 6px;
  }

  .verdicts {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1) var(--space-4);
    margin: 0 0 var(--space-3);
    padding: 0;
    list-style: none;
    font-size: var(--text-m);
  }

  .verdicts li {
    display: grid;
    grid-template-columns: auto 1fr;
    align-items: center;
    gap: 0 var(--space-2);
  }

  .good .icon {
    color: var(--good, var(--accent));
  }

  .bad,
  .bad .icon {
    color: var(--danger);
  }

  .reason {
    grid-column: 2;
    font-size: var(--text-s);
    line-height: 16px;
    color: var(--ink-2);
  }

  .tables {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-start;
    gap: var(--space-4) var(--space-5);
    overflow-x: auto;
  }

  table {
    border-collapse: collapse;
    font-size: var(--text-s);
    line-height: 18px;
  }

  th,
  td {
    padding: 3px var(--space-3) 3px 0;
    border-bottom: 1px solid var(--line);
    text-align: right;
    white-space: nowrap;
    font-weight: 400;
  }

  th {
    color: var(--ink-2);
  }

  th:first-child {
    text-align: left;
  }

  .tag {
    padding: 0 5px;
    border-radius: var(--radius-s);
    background: var(--accent-soft);
    color: var(--accent-strong);
    font-size: var(--text-xs);
  }
`;
