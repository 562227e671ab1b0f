import { css } from 'lit';

/** The list of saved runs, a dialog above everything else. */
export const savedStyles = css`
  :host {
    display: contents;
  }

  dialog {
    width: min(680px, calc(100vw - 24px));
    max-height: min(620px, calc(100dvh - 48px));
    padding: 0;
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    background: var(--surface);
    color: var(--ink);
    box-shadow: 0 16px 48px rgb(0 0 0 / 22%);
    overflow: hidden;
  }

  dialog[open] {
    display: flex;
    flex-direction: column;
  }

  dialog::backdrop {
    background: rgb(12 16 18 / 38%);
  }

  header {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    padding: var(--space-3) var(--space-3) 0 var(--space-5);
  }

  header h2 {
    flex: 1;
    font-size: var(--text-l);
  }

  .about {
    padding: var(--space-1) var(--space-5) var(--space-4);
    font-size: var(--text-s);
    line-height: 18px;
    color: var(--ink-2);
  }

  ul {
    flex: 1 1 auto;
    min-height: 0;
    overflow: auto;
    scrollbar-width: thin;
    list-style: none;
    border-top: 1px solid var(--line);
  }

  li {
    display: grid;
    grid-template-columns: 84px minmax(0, 1fr) auto;
    align-items: center;
    gap: var(--space-2) var(--space-4);
    padding: var(--space-3) var(--space-5);
  }

  li + li {
    border-top: 1px solid var(--line);
  }

  svg.curve {
    display: block;
    width: 84px;
    height: 36px;
    overflow: visible;
    fill: none;
    stroke: var(--accent);
    stroke-width: 1.5;
    stroke-linejoin: round;
  }

  svg.curve .foot {
    stroke: var(--line-strong);
    stroke-width: 1;
  }

  .name {
    font-size: var(--text-m);
    font-weight: 650;
    line-height: 20px;
  }

  .name small {
    font-size: var(--text-s);
    font-weight: 400;
    color: var(--ink-2);
  }

  .away {
    padding: 1px 6px;
    border-radius: 9px;
    background: var(--danger-soft);
    font-size: var(--text-xs);
    font-style: normal;
    font-weight: 600;
    color: var(--danger);
  }

  .sure {
    font-size: var(--text-s);
  }

  .facts,
  .settings {
    font-size: var(--text-s);
    line-height: 18px;
    color: var(--ink-2);
    overflow-wrap: anywhere;
  }

  .facts b {
    font-weight: 600;
    color: var(--ink);
  }

  .settings.other {
    display: flex;
    flex-wrap: wrap;
    gap: 0 10px;
    color: var(--accent-strong);
  }

  .actions {
    display: flex;
    align-items: center;
    gap: var(--space-1);
  }

  footer {
    display: flex;
    align-items: center;
    justify-content: flex-end;
    flex-wrap: wrap;
    gap: var(--space-2);
    padding: var(--space-2) var(--space-5);
    border-top: 1px solid var(--line);
    font-size: var(--text-s);
    min-height: 48px;
  }

  .danger {
    border-color: var(--danger);
    color: var(--danger);
  }

  @media (max-width: 560px) {
    header,
    .about,
    li,
    footer {
      padding-left: var(--space-4);
      padding-right: var(--space-4);
    }

    header {
      padding-right: var(--space-2);
    }

    li {
      grid-template-columns: 56px minmax(0, 1fr);
    }

    svg.curve {
      width: 56px;
    }

    .actions {
      grid-column: 1 / -1;
      justify-content: flex-end;
    }
  }

  @media (pointer: coarse) {
    .button {
      min-height: 44px;
      min-width: 44px;
    }
  }
`;
