import { css } from 'lit';

/** How a lesson stands: the list of lessons, and a text to be read, with a playground as wide as there is room. */
export const page = css`
  :host {
    container-type: inline-size;
    background: var(--paper);
    color: var(--ink);
    font-family: var(--sans);
    font-size: 16px;
    line-height: 1.65;
    /* Korean breaks between words. */
    word-break: keep-all;
    overflow-wrap: break-word;
    -webkit-font-smoothing: antialiased;
    text-rendering: optimizeLegibility;
  }

  .shell {
    max-width: 1240px;
    margin: 0 auto;
    padding: var(--space-2) var(--space-4) 64px;
  }

  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 var(--space-3);
  }

  .brand {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    font-weight: 680;
    line-height: 32px;
  }

  .mark {
    width: 20px;
    height: 20px;
    color: var(--accent);
  }

  .spring {
    flex: 1;
  }

  .columns {
    display: grid;
    grid-template-columns: 200px minmax(0, 1fr);
    gap: var(--space-6);
    margin-top: var(--space-5);
  }

  nav ol {
    position: sticky;
    top: var(--space-4);
    display: grid;
    gap: 2px;
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 14px;
    line-height: 1.4;
  }

  nav a {
    display: block;
    padding: 6px 10px;
    border-radius: var(--radius-m);
    color: var(--ink-2);
    text-decoration: none;
  }

  .apart {
    margin-top: var(--space-2);
    padding-top: var(--space-2);
    border-top: 1px solid var(--line);
  }

  nav a:hover {
    background: var(--sunken);
    color: var(--ink);
  }

  nav a[aria-current] {
    background: var(--accent-soft);
    color: var(--accent-strong);
    font-weight: 650;
  }

  article > p,
  .tasks,
  .question {
    max-width: 44em;
  }

  h1 {
    margin: 0 0 var(--space-3);
    font-size: 30px;
    line-height: 1.25;
    letter-spacing: -0.02em;
    text-wrap: balance;
  }

  h2 {
    font-size: 15px;
    font-weight: 680;
  }

  article > p {
    margin-bottom: var(--space-4);
  }

  em {
    font-style: normal;
    font-weight: 650;
    color: var(--accent-strong);
  }

  .tasks {
    margin: var(--space-5) 0;
    padding-left: var(--space-4);
    border-left: 3px solid var(--accent);
  }

  .tasks ul {
    display: grid;
    gap: 4px;
    padding-left: 1.1em;
  }

  .tasks li::marker {
    color: var(--accent);
  }

  .widget {
    margin: 0 0 var(--space-5);
  }

  .widget > cnn-playground {
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    overflow: hidden;
  }

  .question {
    margin: var(--space-6) 0;
    padding: var(--space-4) var(--space-5);
  }

  fieldset {
    display: grid;
    gap: var(--space-2);
    margin: 0 0 var(--space-4);
    padding: 0;
    border: 0;
  }

  legend {
    margin-bottom: var(--space-3);
    padding: 0;
    font-weight: 650;
  }

  legend .label {
    display: block;
    font-weight: 400;
  }

  .question label {
    display: flex;
    align-items: baseline;
    gap: var(--space-2);
    cursor: pointer;
  }

  .question input {
    accent-color: var(--accent);
  }

  .verdict {
    margin-top: var(--space-3);
  }

  .verdict:empty {
    display: none;
  }

  .verdict.right strong {
    color: var(--accent-strong);
  }

  .verdict.wrong {
    color: var(--danger);
  }

  .steps {
    display: flex;
    justify-content: space-between;
    gap: var(--space-4);
    max-width: 44em;
  }

  .steps a {
    text-decoration: none;
    display: grid;
    color: var(--accent-strong);
    font-weight: 650;
  }

  .steps .label {
    font-weight: 400;
  }

  @container (max-width: 899px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
      gap: var(--space-4);
    }

    nav ol {
      position: static;
      display: flex;
      overflow-x: auto;
      scrollbar-width: none;
      padding-bottom: var(--space-1);
      white-space: nowrap;
    }

    .apart {
      margin: 0;
      padding: 0;
      border: 0;
    }

    h1 {
      font-size: 25px;
    }
  }
`;
