import { css } from 'lit';

/** What scrolls sideways fades out where there is more, in browsers that can tell. */
export const fading = css`
  @supports (animation-timeline: scroll(self inline)) {
    .fades {
      animation: fades linear both;
      animation-timeline: scroll(self inline);
    }
  }

  @keyframes fades {
    0%,
    97% {
      mask-image: linear-gradient(to right, #000 calc(100% - 40px), rgb(0 0 0 / 25%));
    }

    100% {
      mask-image: none;
    }
  }
`;

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
