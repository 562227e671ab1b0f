import { css } from 'lit';

export const columnStyles = css`
  :host {
    display: grid;
    grid-template-columns: 212px minmax(0, 1fr);
    gap: var(--space-4);
    min-height: 0;
  }

  :host([above]) {
    display: flex;
    flex-direction: column;
    gap: var(--space-2);
  }

  .list {
    overflow: auto;
    display: grid;
    gap: 2px;
    align-content: start;
    scrollbar-width: thin;
  }

  :host([above]) .list {
    flex: none;
  }

  .group {
    display: grid;
    gap: 2px;
  }

  :host([above]) .group {
    display: flex;
    flex-wrap: wrap;
  }

  h3 {
    margin-top: var(--space-2);
    font-size: var(--text-xs);
    font-weight: 600;
    line-height: 16px;
    color: var(--ink-3);
  }

  h3:first-child {
    margin-top: 0;
  }

  .dispatch {
    display: block;
    width: 100%;
    padding: 4px 8px;
    border-radius: var(--radius-s);
    text-align: left;
    line-height: 16px;
  }

  :host([above]) .dispatch {
    width: auto;
  }

  .dispatch:hover {
    background: var(--sunken);
  }

  .dispatch[aria-pressed='true'] {
    background: var(--accent-soft);
  }

  .entry {
    display: block;
    font: 12px/16px var(--mono);
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .file {
    display: block;
    font-size: var(--text-xs);
    color: var(--ink-2);
  }

  .shader {
    flex: 1;
    display: flex;
    flex-direction: column;
    gap: var(--space-2);
    min-width: 0;
    min-height: 0;
  }

  .equations {
    flex: none;
    display: grid;
    gap: 8px;
    justify-content: start;
    overflow-x: auto;
    overflow-y: hidden;
    padding: 6px 0;
    scrollbar-width: thin;
  }

  .equation {
    padding: 2px var(--space-3) 2px 10px;
    border-left: 3px solid transparent;
  }

  .equation.given {
    border-left-color: var(--accent);
    background: linear-gradient(to right, var(--accent-soft), transparent 120px);
  }

  /* A font for mathematics where the system has one, else the page's own. math may mean any other, and from one that is not made
     for it and does not say how deep subscripts stand, they stand on the line. */
  math {
    width: max-content;
    margin: 0;
    font:
      14px 'Cambria Math',
      'STIX Two Math',
      'Latin Modern Math',
      'Noto Sans Math',
      var(--sans);
  }

  /* As high as its lines: the page's own font has one size of it only. */
  .brace {
    font-family: 'Cambria Math', 'STIX Two Math', 'Latin Modern Math', 'Noto Sans Math', 'DejaVu Sans', math;
  }

  .sizes {
    flex: none;
    padding-left: 13px;
    font-size: var(--text-xs);
    line-height: 15px;
    color: var(--ink-2);
  }

  dl {
    display: flex;
    flex-wrap: wrap;
    gap: 2px var(--space-4);
    font-size: var(--text-s);
    line-height: 18px;
  }

  dl div {
    display: flex;
    gap: 6px;
    min-width: 0;
  }

  dt {
    color: var(--ink-3);
    white-space: nowrap;
  }

  dd {
    font-weight: 600;
    overflow-wrap: anywhere;
  }

  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 2px var(--space-3);
    font-size: var(--text-xs);
    line-height: 15px;
    color: var(--ink-2);
  }

  .legend span {
    padding-left: 6px;
    border-left: 3px solid var(--mark, var(--line-strong));
  }

  pre {
    flex: 1 0 240px;
    height: 240px;
    margin: 0;
    padding: var(--space-2) 0;
    overflow: auto;
    border: 1px solid var(--line);
    border-radius: var(--radius-s);
    background: var(--sunken);
    font: 11.5px/17px var(--mono);
    tab-size: 4;
    scrollbar-width: thin;
  }

  code {
    display: block;
    width: max-content;
    min-width: 100%;
    counter-reset: line;
  }

  .line {
    display: block;
    padding-right: var(--space-3);
    min-height: 17px;
    border-left: 3px solid var(--mark, transparent);
  }

  .line::before {
    counter-increment: line;
    content: counter(line);
    display: inline-block;
    width: 37px;
    padding-right: 12px;
    text-align: right;
    color: var(--ink-3);
    user-select: none;
  }

  .line.entry-point {
    background: var(--accent-soft);
  }

  .sum {
    --mark: var(--ghost-1);
  }

  .store {
    --mark: var(--ghost-3);
  }

  .branch,
  .said {
    --mark: var(--ghost-2);
  }

  .line.sum,
  .line.store,
  .line.branch,
  .line.said {
    background: color-mix(in srgb, var(--mark) 9%, transparent);
  }

  .comment {
    color: var(--code-comment);
  }
  .said .comment {
    color: var(--ink);
  }
  .keyword {
    color: var(--code-keyword);
  }
  .type {
    color: var(--code-type);
  }
  .attribute {
    color: var(--code-attribute);
  }
  .number-literal {
    color: var(--code-number);
  }
  .call {
    color: var(--code-call);
  }

  .empty {
    color: var(--ink-3);
    font-size: var(--text-m);
  }

  @container (max-width: 719px) {
    :host {
      display: flex;
      flex-direction: column;
    }

    .list {
      max-height: 150px;
    }

    pre {
      max-height: 420px;
    }
  }
`;
