/** The playground's panels with the state that each shows. */
import { html, type TemplateResult } from 'lit';
import type { Messages } from '../i18n/index.js';
import type { Panel, Part } from '../lib/arrangement.js';
import type { PlaygroundState } from '../playground-state.js';
import './data-panel.js';
import './draw-panel.js';
import './inspector-panel.js';
import './network-graph.js';
import './train-bar.js';
import './training-panel.js';

/** What all panels are made of. */
export interface PanelContext {
  t: Messages;
  view: PlaygroundState;
  parts: ReadonlySet<Part>;
  locked: ReadonlySet<string>;
  /** Two runs stand side by side. */
  comparing: boolean;
}

export function panelOf(panel: Panel, context: PanelContext): TemplateResult {
  const { t, view, locked } = context;
  const { run, progress, probe, settings, history } = view;
  const description = run?.description ?? null;
  switch (panel) {
    case 'data':
      return html`<cnp-data-panel
        class="panel"
        .t=${t}
        .models=${view.models}
        .datasetName=${settings.dataset}
        .run=${run}
        .augment=${settings.augment}
        .info=${description?.dataset ?? null}
        .samples=${description?.samples ?? []}
        .counts=${description?.counts ?? []}
        .progress=${progress}
        .chosen=${probe.kind === 'sample' ? probe.sample.index : null}
        .locked=${locked}
      ></cnp-data-panel>`;
    case 'draw':
      return html`<cnp-draw-panel
        class="panel"
        .t=${t}
        .datasetName=${settings.dataset}
        .classes=${description?.dataset.classes ?? []}
        .shape=${description?.dataset.shape ?? [32, 32, 1]}
        .probe=${probe}
        .probabilities=${view.probabilities}
      ></cnp-draw-panel>`;
    case 'network':
      return html`<cnp-network-graph
        class="panel"
        .t=${t}
        .run=${run}
        .original=${(settings.net === '' && view.models.find(({ name }) => name === settings.model)) || null}
        .chosen=${view.layer}
        .look=${view.look}
        ?broken=${view.probabilities?.some((value) => !Number.isFinite(value)) ?? false}
        ?fixed=${locked.has('model')}
      ></cnp-network-graph>`;
    case 'inspector':
      return html`<cnp-inspector-panel
        class="panel"
        .t=${t}
        .run=${run}
        .chosen=${view.layer}
        .look=${view.look}
        .painting=${view.probabilities}
        .evaluation=${view.evaluation}
        .step=${progress?.state.step ?? 0}
        .settings=${settings}
      ></cnp-inspector-panel>`;
    case 'controls':
      return html`<cnp-train-bar
        class="panel"
        .t=${t}
        ?ready=${view.phase === 'ready'}
        ?playing=${view.playing || view.wanted}
        .progress=${progress}
        .last=${history.last}
        .evaluation=${view.evaluation}
        .goal=${view.goal}
        .batch=${settings.batch}
      ></cnp-train-bar>`;
    case 'training':
      return training(context);
  }
}

/** Saved runs: the one that is offered, and the list of all. */
export function savedOf(t: Messages, { saved, settings, offering }: PlaygroundState, listing: boolean): TemplateResult {
  void import('../saves/saved-runs.js');
  return html`<cnp-saved-runs
    .t=${t}
    .runs=${saved ?? []}
    .settings=${settings}
    ?offering=${offering}
    ?listing=${listing}
  ></cnp-saved-runs>`;
}

function training({ t, view, parts, locked, comparing }: PanelContext): TemplateResult {
  const { run, progress, settings, history } = view;
  return html`<cnp-training-panel
    class="panel"
    .t=${t}
    .settings=${settings}
    .history=${history}
    .version=${history.version}
    .pinned=${view.pinned}
    .progress=${progress}
    .adapter=${view.adapter}
    .measuring=${view.measuring}
    .plan=${run?.description.plan ?? null}
    .locked=${locked}
    .run=${run}
    .first=${view.first}
    ?saves=${view.saved !== null}
    ?unsettled=${!parts.has('settings')}
    ?comparable=${parts.has('network') || parts.has('inspector')}
    ?comparing=${comparing}
  ></cnp-training-panel>`;
}
