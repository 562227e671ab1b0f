import { css } from 'lit';

/** How the learning view is laid out. */
export const learningStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    gap: var(--space-5);
    height: 100%;
    min-height: 0;
  }

  section {
    display: flex;
    flex-direction: column;
    gap: var(--space-2);
    min-height: 0;
    min-width: 0;
  }

  h3 {
    font-size: var(--text-s);
    font-weight: 650;
    line-height: 16px;
  }

  p {
    font-size: var(--text-xs);
    line-height: 15px;
    color: var(--ink-3);
  }

  .rows {
    flex: 1;
    min-height: 60px;
    overflow: auto;
    scrollbar-width: thin;
    display: grid;
    grid-auto-rows: minmax(18px, 44px);
    align-content: start;
    gap: 2px;
  }

  .row {
    position: relative;
    display: grid;
    grid-template-columns: 84px minmax(0, 1fr) 58px;
    align-items: stretch;
    gap: var(--space-2);
    padding: 0 4px 0 6px;
    border-radius: var(--radius-s);
    text-align: left;
    font-size: var(--text-xs);
  }

  .row > span {
    align-self: center;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    color: var(--ink-2);
  }

  .row .value {
    text-align: right;
  }

  .row:hover {
    background: var(--sunken);
  }

  .row[aria-pressed='true'] {
    background: var(--accent-soft);
  }

  .row[aria-pressed='true'] > span {
    color: var(--ink);
    font-weight: 650;
  }

  .row canvas {
    width: 100%;
    height: 100%;
    min-height: 14px;
    border-radius: 2px;
    background: var(--map);
    image-rendering: pixelated;
  }

  /* Steps under the first and the last moment. */
  .time {
    margin: -4px 66px 0 98px;
    font-size: 10.5px;
    line-height: 13px;
    color: var(--ink-3);
  }

  .time div {
    display: flex;
    justify-content: space-between;
    gap: 6px;
    min-width: max-content;
  }

  .scale {
    display: grid;
    grid-template-columns: auto 120px auto;
    justify-content: start;
    align-items: center;
    gap: var(--space-2);
    font-size: var(--text-xs);
    line-height: 15px;
    color: var(--ink-2);
  }

  .scale i {
    height: 8px;
    border-radius: 2px;
    background: linear-gradient(
      90deg,
      rgb(68 1 84),
      rgb(71 45 123),
      rgb(59 82 139),
      rgb(44 114 142),
      rgb(33 145 140),
      rgb(40 174 128),
      rgb(94 201 98),
      rgb(173 220 48),
      rgb(253 231 37)
    );
  }

  .pair {
    flex: 1;
    min-height: 110px;
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: var(--space-4);
  }

  figure {
    display: flex;
    flex-direction: column;
    gap: 2px;
    min-height: 0;
    min-width: 0;
  }

  figcaption {
    font-size: var(--text-xs);
    line-height: 15px;
    color: var(--ink-2);
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .ridges {
    flex: 1;
    min-height: 60px;
    position: relative;
  }

  .ridges canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }

  .axis {
    display: flex;
    justify-content: space-between;
    border-top: 1px solid var(--line-strong);
    padding-top: 2px;
    font-size: 10.5px;
    line-height: 13px;
    color: var(--ink-3);
  }

  .bad {
    color: var(--danger);
  }

  .empty {
    grid-column: 1 / -1;
    place-self: center;
    font-size: var(--text-m);
    text-align: center;
  }

  @container (max-width: 719px) {
    :host {
      display: flex;
      flex-direction: column;
      overflow: auto;
    }

    section {
      flex: none;
    }

    .rows {
      max-height: 220px;
    }

    .pair {
      min-height: 150px;
    }
  }
`;
