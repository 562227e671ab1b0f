/** Lucide icons, inlined: only those named here are in the page. */
import { html, type TemplateResult } from 'lit';
import { unsafeHTML } from 'lit/directives/unsafe-html.js';
import chevronLeft from 'lucide-static/icons/chevron-left.svg?raw';
import chevronRight from 'lucide-static/icons/chevron-right.svg?raw';
import back from 'lucide-static/icons/arrow-left.svg?raw';
import check from 'lucide-static/icons/check.svg?raw';
import columns from 'lucide-static/icons/columns-2.svg?raw';
import contrast from 'lucide-static/icons/contrast.svg?raw';
import copy from 'lucide-static/icons/copy.svg?raw';
import dices from 'lucide-static/icons/dices.svg?raw';
import eraser from 'lucide-static/icons/eraser.svg?raw';
import file from 'lucide-static/icons/file-up.svg?raw';
import info from 'lucide-static/icons/info.svg?raw';
import lessons from 'lucide-static/icons/graduation-cap.svg?raw';
import link from 'lucide-static/icons/link.svg?raw';
import enlarge from 'lucide-static/icons/maximize-2.svg?raw';
import edit from 'lucide-static/icons/pencil-ruler.svg?raw';
import moon from 'lucide-static/icons/moon.svg?raw';
import pause from 'lucide-static/icons/pause.svg?raw';
import pin from 'lucide-static/icons/pin.svg?raw';
import play from 'lucide-static/icons/play.svg?raw';
import reset from 'lucide-static/icons/rotate-ccw.svg?raw';
import proved from 'lucide-static/icons/badge-check.svg?raw';
import save from 'lucide-static/icons/download.svg?raw';
import saved from 'lucide-static/icons/history.svg?raw';
import settings from 'lucide-static/icons/sliders-horizontal.svg?raw';
import step from 'lucide-static/icons/step-forward.svg?raw';
import sun from 'lucide-static/icons/sun.svg?raw';
import system from 'lucide-static/icons/sun-moon.svg?raw';
import warning from 'lucide-static/icons/triangle-alert.svg?raw';
import close from 'lucide-static/icons/x.svg?raw';

const ICONS = {
  back,
  check,
  columns,
  contrast,
  chevronLeft,
  chevronRight,
  close,
  copy,
  dices,
  edit,
  enlarge,
  eraser,
  file,
  info,
  lessons,
  link,
  moon,
  pause,
  pin,
  play,
  proved,
  reset,
  save,
  saved,
  settings,
  step,
  sun,
  system,
  warning,
} as const;

export type IconName = keyof typeof ICONS;

const prepared = new Map<IconName, TemplateResult>();

export function icon(name: IconName): TemplateResult {
  let template = prepared.get(name);
  if (template === undefined) {
    template = drawn(ICONS[name]);
    prepared.set(name, template);
  }
  return template;
}

/** One of Lucide's files as a template. */
export function drawn(file: string): TemplateResult {
  const svg = file.replace(/<!--[^]*?-->/, '').replace('<svg', '<svg aria-hidden="true"');
  return html`${unsafeHTML(svg.replace(/class="[^"]*"/, 'class="icon"'))}`;
}
