/** What takes the place of panels: each loads when it is first wanted. */
import { html, type TemplateResult } from 'lit';
import type { Messages } from '../i18n/index.js';
import type { Language } from '../i18n/languages.js';
import type { PlaygroundState } from '../playground-state.js';

/** In place of everything. Most people never see it. */
export function unsupportedMessage(
  t: Messages,
  { reason, message }: NonNullable<PlaygroundState['unsupported']>,
): TemplateResult {
  void import('./unsupported-message.js');
  return html`<cnp-unsupported-message
    class="panel"
    .t=${t}
    .reason=${reason}
    .message=${message}
  ></cnp-unsupported-message>`;
}

/** In place of the network and its inspector. It comes when somebody first edits. */
export function builder({ run, settings }: PlaygroundState, language: Language): TemplateResult {
  return html`<cnp-network-builder
    class="panel"
    .run=${run}
    .settings=${settings}
    .language=${language}
  ></cnp-network-builder>`;
}

/** There too: the kept run and the present one. */
export function comparison(t: Messages, view: PlaygroundState): TemplateResult {
  const { pinned, settings, history, run, progress } = view;
  return html`<cnp-compare-view
    class="panel"
    .t=${t}
    .pinned=${pinned}
    .settings=${settings}
    .history=${history}
    .version=${history.version}
    .run=${run}
    .step=${progress?.state.step ?? 0}
    .view=${view}
  ></cnp-compare-view>`;
}
