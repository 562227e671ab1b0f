import { css } from 'lit';

/** Every colour, size and distance of the page. One accent; everything else is ink on paper. */
export const tokens = css`
  :host {
    --space-1: 4px;
    --space-2: 8px;
    --space-3: 12px;
    --space-4: 16px;
    --space-5: 24px;
    --space-6: 32px;

    --text-xs: 11px;
    --text-s: 12px;
    --text-m: 13px;
    --text-l: 15px;
    --text-xl: 20px;

    --radius-s: 5px;
    --radius-m: 8px;
    --radius-l: 12px;

    --sans:
      Pretendard, Inter, -apple-system, 'Segoe UI', 'Noto Sans KR', 'Noto Sans CJK KR', 'Apple SD Gothic Neo',
      'Malgun Gothic', system-ui, sans-serif;
    --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', 'JetBrains Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;

    --paper: #f6f5f1;
    --surface: #ffffff;
    --sunken: #f1efe9;
    --line: #e3e0d8;
    --line-strong: #c8c4b8;
    --grid: var(--line);
    --ink: #1b1f22;
    --ink-2: #4f565b;
    --ink-3: #666d72;
    --accent: #0b6e69;
    --accent-strong: #08544f;
    --accent-ink: #ffffff;
    --accent-soft: #dfefec;
    --danger: #a3261c;
    --danger-soft: #fbeae7;
    --map: #e9e6de;
    --ghost-1: #b3541e;
    --ghost-2: #6d4bb0;
    --ghost-3: #2f6db5;
    --shadow: 0 1px 2px rgb(40 36 24 / 5%), 0 4px 16px rgb(40 36 24 / 4%);

    --code-comment: #5f6b5c;
    --code-keyword: #8a3b7a;
    --code-type: #0b6e69;
    --code-attribute: #8a5a00;
    --code-number: #1d5aa8;
    --code-call: #2f4858;

    color-scheme: light;
  }

  :host([data-theme='dark']) {
    --paper: #101316;
    --surface: #181c20;
    --sunken: #111418;
    --line: #2a3037;
    --line-strong: #434b54;
    --ink: #e8ebed;
    --ink-2: #b3bac0;
    --ink-3: #929ba2;
    --accent: #4cc4b8;
    --accent-strong: #7fdad0;
    --accent-ink: #05211e;
    --accent-soft: #17332f;
    --danger: #ff9a8d;
    --danger-soft: #3a1c19;
    --map: #0d1013;
    --ghost-1: #f0a06b;
    --ghost-2: #b9a0f2;
    --ghost-3: #7db4f0;
    --shadow: none;

    --code-comment: #8d998a;
    --code-keyword: #dd9fd0;
    --code-type: #6fd0c5;
    --code-attribute: #e0b46a;
    --code-number: #8bb8f0;
    --code-call: #c3d3dd;

    color-scheme: dark;
  }

  :host([data-contrast]) {
    --paper: #ffffff;
    --surface: #ffffff;
    --sunken: #ffffff;
    --line: #000000;
    --grid: #bfbfbf;
    --line-strong: #000000;
    --ink: #000000;
    --ink-2: #000000;
    --ink-3: #262626;
    --accent: #00443f;
    --accent-strong: #002c29;
    --accent-soft: #cdf3ee;
    --danger: #8a0000;
    --danger-soft: #ffffff;
    --map: #ffffff;
    --shadow: none;
    --code-comment: #3d3d3d;
    --code-keyword: #5f0052;
    --code-type: #00443f;
    --code-attribute: #593a00;
    --code-number: #003a80;
    --code-call: #000000;
  }

  :host([data-contrast][data-theme='dark']) {
    --paper: #000000;
    --surface: #000000;
    --sunken: #000000;
    --line: #ffffff;
    --grid: #555555;
    --line-strong: #ffffff;
    --ink: #ffffff;
    --ink-2: #ffffff;
    --ink-3: #dddddd;
    --accent: #7ff5e8;
    --accent-strong: #a8fff5;
    --accent-ink: #000000;
    --accent-soft: #00352f;
    --danger: #ffb4aa;
    --danger-soft: #000000;
    --map: #000000;
    --code-comment: #d5d5d5;
    --code-keyword: #ffb0f0;
    --code-type: #7ff5e8;
    --code-attribute: #ffd38a;
    --code-number: #a8d0ff;
    --code-call: #ffffff;
  }
`;
