import { css } from 'lit';

/** How two runs stand side by side. */
export const compareStyles = css`
  .body {
    flex: 1;
    min-height: 0;
    overflow: auto;
    scrollbar-width: thin;
    display: flex;
    flex-direction: column;
    gap: var(--space-3);
    padding: 0 var(--space-4) var(--space-3);
  }

  h2 {
    flex: 1;
    white-space: nowrap;
  }

  h2:focus-visible {
    outline-offset: 4px;
    border-radius: 2px;
  }

  header select.field {
    width: auto;
    height: 26px;
    font-size: var(--text-s);
  }

  .verdict {
    flex: none;
    padding: var(--space-2) var(--space-3);
    border-radius: var(--radius-m);
    background: var(--sunken);
    color: var(--ink-2);
    font-size: var(--text-m);
    line-height: 19px;
  }

  .verdict.one {
    background: var(--accent-soft);
    color: var(--accent-strong);
  }

  .verdict b {
    font-weight: 680;
  }

  .charts,
  .sides {
    flex: none;
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: var(--space-5);
  }

  .charts {
    flex: 1 0 190px;
  }

  cnp-curve-chart {
    min-height: 190px;
  }

  table {
    flex: none;
    width: 100%;
    table-layout: fixed;
    border-collapse: collapse;
    font-size: var(--text-m);
    line-height: 18px;
  }

  th,
  td {
    padding: 2px var(--space-2);
    text-align: left;
    font-weight: 400;
    overflow-wrap: anywhere;
  }

  thead th {
    padding-bottom: 4px;
    border-bottom: 1px solid var(--line-strong);
    font-weight: 650;
  }

  tbody th {
    color: var(--ink-2);
  }

  tbody + tbody th[colspan] {
    padding-top: var(--space-3);
    font-size: var(--text-s);
    color: var(--ink-3);
  }

  col.name {
    width: 28%;
  }

  col.last {
    width: 19%;
  }

  thead small {
    font-size: var(--text-s);
    font-weight: 400;
    color: var(--ink-3);
  }

  tr.changed > * {
    background: var(--accent-soft);
    color: var(--ink);
    font-weight: 650;
  }

  tr.changed > :first-child {
    border-radius: var(--radius-s) 0 0 var(--radius-s);
  }

  tr.changed > :last-child {
    border-radius: 0 var(--radius-s) var(--radius-s) 0;
  }

  mark {
    padding: 1px 8px;
    border-radius: 9px;
    background: var(--accent);
    color: var(--accent-ink);
    font-size: var(--text-s);
    font-weight: 650;
    white-space: nowrap;
  }

  .difference {
    color: var(--ink-2);
  }

  /* As the charts draw them. */
  i {
    display: inline-block;
    width: 18px;
    margin-right: 4px;
    vertical-align: middle;
    border-top: 2.5px solid var(--accent);
  }

  i[data-slot] {
    border-top-style: dashed;
  }

  [data-slot='1'] {
    --run: var(--ghost-1);
  }

  [data-slot='2'] {
    --run: var(--ghost-2);
  }

  [data-slot='3'] {
    --run: var(--ghost-3);
  }

  i[data-slot] {
    border-color: var(--run);
  }

  h3 {
    flex: none;
    font-size: var(--text-s);
    font-weight: 650;
  }

  h3 small {
    font-size: var(--text-s);
    font-weight: 400;
    color: var(--ink-3);
  }

  cnp-norm-chart {
    --bars: 84px;
    --bar: var(--run, var(--accent));
  }

  figcaption {
    font-size: var(--text-s);
    color: var(--ink-2);
  }

  @container (max-width: 1099px) {
    .body {
      overflow: visible;
    }
  }

  @container (max-width: 719px) {
    header {
      padding-left: var(--space-3);
    }

    .body {
      padding-inline: var(--space-3);
    }

    .charts {
      grid-template-columns: minmax(0, 1fr);
    }

    .sides {
      gap: var(--space-3);
    }

    table {
      font-size: var(--text-s);
    }

    th,
    td {
      padding-inline: 4px;
    }

    h2 {
      flex-basis: 100%;
    }

    col.name {
      width: 28%;
    }

    col.last {
      width: 21%;
    }

    mark {
      padding-inline: 5px;
    }

    i {
      display: block;
      margin-bottom: 2px;
    }
  }
`;
