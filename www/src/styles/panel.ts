import { css } from 'lit';

/** A panel that is a header and what takes the rest of its height. */
export const column = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
  }

  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
    padding: var(--space-2) var(--space-3) var(--space-2) var(--space-4);
  }
`;
