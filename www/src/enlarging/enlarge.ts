/** A part of the page over all of it, for who wants to see more of it at once. */
import { css } from 'lit';

const { styleSheet } = css`
  dialog.large {
    display: flex;
    flex-direction: column;
    width: min(1560px, 100vw - 48px);
    height: calc(100dvh - 48px);
    max-width: none;
    max-height: none;
    padding: 0;
    overflow: hidden;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-l);
    background: var(--surface);
    color: var(--ink);
    box-shadow: 0 12px 48px rgb(0 0 0 / 30%);
  }

  dialog.large::backdrop {
    background: rgb(0 0 0 / 45%);
  }

  /* Whatever height a part has on the page. */
  dialog.large .view.view.view {
    flex: 1;
    height: auto;
    min-height: 0;
    overflow: auto;
  }

  /* Its way out stands where that of every window does; on a phone it does so anyway. */
  @media (min-width: 720px) {
    dialog.large header {
      position: relative;
      padding-right: 56px;
    }

    dialog.large header button.large {
      position: absolute;
      top: 10px;
      right: 14px;
    }
  }

  /* A sheet that leaves a strip of what lies behind it. */
  @media (max-width: 719px) {
    dialog.large {
      width: 100vw;
      height: calc(100dvh - 56px);
      margin: auto 0 0;
      border-width: 1px 0 0;
      border-radius: var(--radius-l) var(--radius-l) 0 0;
    }
  }

  @media (prefers-reduced-motion: no-preference) {
    dialog.large {
      animation: rise 140ms ease-out;
    }

    @keyframes rise {
      from {
        opacity: 0;
        translate: 0 12px;
      }
    }
  }
`;

/** Moves `body` into a dialog until that is closed, by Escape, beside it or by `close`, and then back. What is within keeps its state. */
export function enlarge(body: HTMLElement, name: string): { close: () => void; closed: Promise<void> } {
  const place = body.parentNode;
  const root = body.getRootNode() as ShadowRoot;
  if (styleSheet !== undefined && !root.adoptedStyleSheets.includes(styleSheet)) {
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, styleSheet];
  }
  const dialog = document.createElement('dialog');
  dialog.className = 'large';
  dialog.setAttribute('aria-label', name);
  place?.append(dialog);
  dialog.append(body);
  dialog.showModal();
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  const closed = new Promise<void>((resolve) => {
    dialog.addEventListener('close', () => {
      place?.append(body);
      dialog.remove();
      resolve();
    });
  });
  return { close: () => dialog.close(), closed };
}
