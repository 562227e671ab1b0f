import { css } from 'lit';

/** What scrolls fades out at the edges behind which there is more, in browsers that can tell. An axis that does not scroll has no
 * timeline, and its edges stay as they are. */
export const fading = css`
  @supports (animation-timeline: scroll(self inline)) {
    .fades {
      mask:
        linear-gradient(to right, var(--l, #000), #000 36px calc(100% - 36px), var(--r, #000)) intersect,
        linear-gradient(var(--u, #000), #000 36px calc(100% - 36px), var(--d, #000));
      animation:
        across linear both,
        down linear both;
      animation-timeline: scroll(self inline), scroll(self block);
    }
  }

  @keyframes across {
    0% {
      --r: #0003;
    }

    2%,
    98% {
      --l: #0003;
      --r: #0003;
    }

    100% {
      --l: #0003;
      --r: #000;
    }
  }

  @keyframes down {
    0% {
      --d: #0003;
    }

    2%,
    98% {
      --u: #0003;
      --d: #0003;
    }

    100% {
      --u: #0003;
      --d: #000;
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
