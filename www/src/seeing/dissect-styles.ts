import { css } from 'lit';

/** How microscope, dissector and race are laid out. */
export const dissectStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: var(--space-2);
    height: 100%;
    min-height: 0;
    overflow: auto;
    scrollbar-width: thin;
  }

  .columns {
    display: grid;
    grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
    gap: var(--space-4);
  }

  h3 {
    font-size: var(--text-s);
    font-weight: 650;
    line-height: 18px;
  }

  .hint {
    font-size: var(--text-xs);
    line-height: 15px;
    color: var(--ink-2);
  }

  .empty {
    margin: auto;
    max-width: 460px;
    text-align: center;
    font-size: var(--text-m);
    color: var(--ink-3);
  }

  .empty button {
    display: inline;
    color: var(--accent);
    text-decoration: underline;
  }

  table {
    width: 100%;
    border-collapse: collapse;
    font-size: var(--text-s);
    line-height: 18px;
  }

  th,
  td {
    padding: 2px 8px 2px 0;
    border-bottom: 1px solid var(--line);
    text-align: right;
    font-weight: 400;
    white-space: nowrap;
  }

  thead th {
    font-size: var(--text-xs);
    color: var(--ink-3);
    white-space: normal;
    vertical-align: bottom;
  }

  th:first-child,
  td:first-child {
    text-align: left;
  }

  tbody tr:hover,
  tr.chosen {
    background: var(--sunken);
  }

  .table {
    max-height: 210px;
    overflow: auto;
    scrollbar-width: thin;
  }

  svg {
    display: block;
    width: 100%;
    height: 74px;
    overflow: visible;
  }

  svg.tall {
    height: 90px;
  }

  .moving {
    fill: var(--ink-3);
    stroke: var(--ink-3);
  }

  .batch {
    fill: var(--accent);
    stroke: var(--accent);
  }

  svg .axis {
    stroke: var(--line-strong);
  }

  svg .link {
    stroke: var(--line-strong);
  }

  svg .pick {
    fill: transparent;
    cursor: pointer;
  }

  svg .pick:hover,
  svg .pick.chosen {
    fill: var(--ink);
    fill-opacity: 0.07;
  }

  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 2px var(--space-3);
    font-size: var(--text-xs);
    color: var(--ink-2);
  }

  .legend i {
    display: inline-block;
    width: 8px;
    height: 8px;
    margin-right: 4px;
    border-radius: 50%;
    background: var(--ink-3);
  }

  .legend i.batch {
    background: var(--accent);
  }

  .switch {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }

  .buttons {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-1) var(--space-2);
  }

  .bars {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr) max-content;
    align-items: center;
    gap: 3px var(--space-2);
    font-size: var(--text-s);
    line-height: 16px;
  }

  .bars .name.chosen {
    font-weight: 650;
  }

  .track {
    position: relative;
    height: 12px;
    border-radius: 2px;
    background: var(--sunken);
  }

  .track div {
    height: 100%;
    min-width: 1px;
    border-radius: 2px;
    background: var(--ink-3);
    opacity: 0.6;
    transform-origin: left;
  }

  .track .chosen {
    background: var(--accent);
    opacity: 1;
  }

  .track .roof {
    position: absolute;
    top: -2px;
    bottom: -2px;
    width: 2px;
    min-width: 0;
    height: auto;
    background: var(--danger);
    opacity: 1;
  }

  progress {
    width: 120px;
    height: 6px;
    accent-color: var(--accent);
  }

  [role='alert'] {
    font-size: var(--text-s);
    color: var(--danger);
  }

  @container (max-width: 719px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
