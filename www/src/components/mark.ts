import { html } from 'lit';

/** The sign of the pages: a little kernel. */
export const mark = html`<svg class="mark" viewBox="0 0 20 20" aria-hidden="true" fill="currentColor">
  <rect width="5.500" height="5.500" rx="1.200" />
  <rect x="7.250" width="5.500" height="5.500" rx="1.200" opacity="0.45" />
  <rect x="14.500" width="5.500" height="5.500" rx="1.200" opacity="0.85" />
  <rect y="7.250" width="5.500" height="5.500" rx="1.200" opacity="0.65" />
  <rect x="7.250" y="7.250" width="5.500" height="5.500" rx="1.200" />
  <rect x="14.500" y="7.250" width="5.500" height="5.500" rx="1.200" opacity="0.35" />
  <rect y="14.500" width="5.500" height="5.500" rx="1.200" opacity="0.3" />
  <rect x="7.250" y="14.500" width="5.500" height="5.500" rx="1.200" opacity="0.75" />
  <rect x="14.500" y="14.500" width="5.500" height="5.500" rx="1.200" />
</svg>`;
