import { css, html, unsafeCSS, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import uPlot from 'uplot';
import uPlotStyles from 'uplot/dist/uPlot.min.css?inline';
import { chartMessages } from '../i18n/chart/index.js';
import { Repainting } from '../lib/appearance.js';
import { axisText, decadeRange, decades, wantsLog } from '../lib/axis.js';
import type { Curve, RateChange } from '../lib/history.js';
import { base } from '../styles/base.js';
import { PlaygroundElement } from './element.js';
import { rateMarks, rateMarkStyles, rateWorded, type Placing } from './rate-marks.js';

/** Values at the ends of epochs. */
export interface Points {
  steps: readonly number[];
  values: readonly number[];
}

/** The curve of another run. */
export interface Ghost {
  slot: number;
  curve: Curve;
  validation: Points;
}

const REDRAW_MS = 120;
/** Its enumeration is declared only, not there at run time. */
const LOGARITHMIC = 3 as unknown as uPlot.Scale.Distr;
/** Points of a ghost that are drawn: more cannot be told apart. */
const GHOST_POINTS = 400;

/** One measure over the steps: training raw and smoothed, validation as points. */
@customElement('cnp-curve-chart')
export class CurveChart extends PlaygroundElement {
  static override styles = [
    base,
    unsafeCSS(uPlotStyles),
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }

      figcaption {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 10px;
        font-size: var(--text-s);
        white-space: nowrap;
      }

      .title {
        flex: 1 0 auto;
        font-size: var(--text-s);
        font-weight: 650;
      }

      /* Where they have no room beside the name they stand below it, together. */
      .keys {
        display: flex;
        flex-wrap: wrap;
        gap: 0 8px;
      }

      .key {
        display: inline-flex;
        align-items: baseline;
        gap: 4px;
        font-size: 11.5px;
        color: var(--ink-2);
      }

      .key::before {
        content: '';
        align-self: center;
        width: 10px;
        height: 2px;
        border-radius: 1px;
        background: var(--accent);
      }

      .key.validation::before {
        width: 7px;
        height: 7px;
        border-radius: 50%;
        background: var(--ink);
      }

      .key b {
        font-weight: 600;
        color: var(--ink);
        min-width: 37px;
      }

      .area {
        flex: 1;
        min-height: 0;
        position: relative;
        margin: 2px -4px 0;
      }

      .plot {
        position: absolute;
        inset: 0;
      }

      .empty {
        position: absolute;
        inset: 0 0 22px 36px;
        display: grid;
        place-items: center;
        text-align: center;
        font-size: var(--text-s);
        color: var(--ink-3);
        pointer-events: none;
      }

      .uplot {
        font-family: var(--sans);
        position: absolute;
      }
    `,
    rateMarkStyles,
  ];

  @property() name = '';
  @property({ attribute: false }) curve: Curve = { steps: [], raw: [], smooth: [] };
  @property({ attribute: false }) validation: Points = { steps: [], values: [] };
  /** What other runs did. */
  @property({ attribute: false }) ghosts: readonly Ghost[] = [];
  /** Changes with the data, which grow in place. */
  @property({ type: Number }) version = 0;
  /** Fixed range of the value axis; from the data when absent. */
  @property({ attribute: false }) range: readonly [number, number] | null = null;
  @property({ attribute: false }) valueText: (value: number) => string = String;

  /** Where the rate was changed. */
  @property({ attribute: false }) rates: readonly RateChange[] = [];

  @state() private cursor: number | null = null;
  @query('.plot') private readonly place!: HTMLElement | null;

  private plot: uPlot | null = null;
  /** Where steps lie in the chart as it was drawn last. */
  @state() private placing: Placing | null = null;
  /** The value axis goes by powers of ten. */
  @state() private log = false;
  private drawTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly resizes = new ResizeObserver(() => this.fit());

  constructor() {
    super();
    new Repainting(this, () => this.build());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.drawTimer);
    this.resizes.disconnect();
    this.plot?.destroy();
    this.plot = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated && this.place !== null) {
      this.resizes.observe(this.place);
      this.build();
    }
  }

  protected override firstUpdated(): void {
    if (this.place !== null) this.resizes.observe(this.place);
    this.build();
  }

  protected override updated(changed: PropertyValues<this>): void {
    const slots = (ghosts: readonly Ghost[] = []): string => ghosts.map(({ slot }) => slot).join();
    const others = changed.has('ghosts') && slots(changed.get('ghosts')) !== slots(this.ghosts);
    if (others) this.build();
    else if (changed.has('curve')) this.draw();
    else if (changed.has('version')) this.drawTimer ??= setTimeout(() => this.draw(), REDRAW_MS);
  }

  protected override render(): TemplateResult {
    const words = chartMessages(this.t);
    const [step, train, validation] = this.shown();
    const text = (value: number | null): string => (value === null ? '–' : this.valueText(value));
    const empty = this.curve.steps.length === 0 && this.ghosts.length === 0;
    return html`
      <figcaption class="number">
        <span class="title">${this.name}${this.log ? ' (log)' : ''}</span>
        <span class="keys">
          <span class="key">${words.seriesTrain} <b>${text(train)}</b></span>
          <span class="key validation">${words.seriesValidation} <b>${text(validation)}</b></span>
        </span>
      </figcaption>
      <div class="area">
        <div
          class="plot"
          role="img"
          aria-label=${empty ? words.chartEmpty : [words.chartLabel(this.name, String(step), text(train), text(validation)), ...this.rates.map((change) => rateWorded(change, words))].join('. ')}
        >
          ${empty ? html`<div class="empty">${words.chartEmpty}</div>` : ''}
        </div>
        ${this.placing === null ? '' : rateMarks(this.rates, words, this.placing)}
      </div>
    `;
  }

  /** Step, training and validation value under the cursor, or the latest. */
  private shown(): [number, number | null, number | null] {
    const { curve, validation } = this;
    const step = this.cursor ?? curve.steps.at(-1) ?? 0;
    const at = curve.steps.findLastIndex((candidate) => candidate <= step);
    const point = validation.steps.findLastIndex((candidate) => candidate <= step);
    return [step, curve.smooth[at] ?? null, validation.values[point] ?? null];
  }

  private data(): uPlot.AlignedData {
    const { curve, validation } = this;
    const ghosts = this.ghosts.flatMap(({ curve: { steps, smooth }, validation }): uPlot.AlignedData[] => {
      const stride = Math.ceil(steps.length / GHOST_POINTS);
      const some = (list: number[]): number[] => list.filter((_, i) => i % stride === 0 || i === list.length - 1);
      return [
        [some(steps), some(smooth)],
        [[...validation.steps], [...validation.values]],
      ];
    });
    if (curve.steps.length === 0 && ghosts.length === 0) return [[], [], [], []];
    const [steps, ...all] = uPlot.join([
      [curve.steps, curve.raw, curve.smooth],
      [[...validation.steps], [...validation.values]],
      ...ghosts,
    ]);
    // What is 0 has no place among powers of ten.
    const placed = this.log ? all.map((list) => Array.from(list, (value) => (value ? value : null))) : all;
    return [steps, ...placed];
  }

  /** Where a loss has run away, the rest of its curve would be a flat line. */
  private needsLog(): boolean {
    if (this.range !== null) return false;
    return [this.curve.raw, this.validation.values, ...this.ghosts.map(({ curve }) => curve.smooth)].some(wantsLog);
  }

  private draw(): void {
    clearTimeout(this.drawTimer);
    this.drawTimer = undefined;
    if (this.needsLog() === this.log) this.plot?.setData(this.data());
    else this.build();
  }

  private fit(): void {
    const size = this.place?.getBoundingClientRect();
    if (size === undefined || size.width < 20 || size.height < 20) return;
    this.plot?.setSize({ width: Math.floor(size.width), height: Math.floor(size.height) });
  }

  private build(): void {
    if (this.place === null) return;
    this.plot?.destroy();
    const style = getComputedStyle(this);
    const color = (name: string): string => style.getPropertyValue(name).trim();
    this.log = this.needsLog();
    const font = `11px ${color('--sans')}`;
    const axis = {
      stroke: color('--ink-3'),
      font,
      ticks: { show: false },
      grid: { stroke: color('--grid'), width: 1 },
    };
    const size = this.place.getBoundingClientRect();
    this.plot = new uPlot(
      {
        width: Math.max(40, Math.floor(size.width)),
        height: Math.max(40, Math.floor(size.height)),
        legend: { show: false },
        padding: [6, 8, 0, 0],
        cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
        scales: {
          x: { time: false, range: (_, min, max) => [Math.min(min, 0), Math.max(max, 20)] },
          y: this.valueScale(),
        },
        axes: [
          { ...axis, size: 22, gap: 4, space: 50 },
          { ...axis, size: 36, gap: 4, space: 26, ...this.valueLabels() },
        ],
        series: [
          {},
          { stroke: color('--accent'), width: 1, alpha: 0.28, points: { show: false }, spanGaps: true },
          {
            stroke: color('--accent'),
            width: 2,
            // One step alone makes no line.
            points: { show: () => this.curve.steps.length === 1, size: 6, fill: color('--accent') },
            spanGaps: true,
          },
          {
            stroke: color('--ink'),
            width: 1.25,
            dash: [3, 3],
            spanGaps: true,
            points: { show: true, size: 6, fill: color('--ink'), stroke: color('--ink') },
          },
          ...this.ghosts.flatMap(({ slot }) => {
            const stroke = color(`--ghost-${slot}`);
            return [
              { stroke, width: 1.5, dash: [6, 3], points: { show: false }, spanGaps: true },
              // Its validation as points alone.
              { stroke, width: 0, points: { show: true, size: 6, width: 1.5, fill: color('--surface'), stroke } },
            ];
          }),
        ],
        hooks: {
          draw: [(plot) => this.locate(plot)],
          setCursor: [
            (plot) => {
              const index = plot.cursor.idx;
              this.cursor = index === null || index === undefined ? null : (plot.data[0][index] ?? null);
            },
          ],
        },
      },
      this.data(),
      this.place,
    );
  }

  /** Marks go with the axis. */
  private locate(plot: uPlot): void {
    if (this.rates.length === 0) return;
    const { left, top, width, height } = plot.bbox;
    const at = (pixels: number): number => pixels / uPlot.pxRatio;
    this.placing = {
      left: (step) => at(left) + plot.valToPos(step, 'x'),
      width: at(left + width),
      top: at(top),
      height: at(height),
    };
  }

  private valueScale(): uPlot.Scale {
    const { range } = this;
    if (this.log) return { distr: LOGARITHMIC, range: (_, min, max) => decadeRange(min, max) };
    return range === null ? { range: (_, __, max) => [0, max > 0 ? max * 1.05 : 1] } : { range: [...range] };
  }

  private valueLabels(): uPlot.Axis {
    const values = (_: uPlot, splits: number[]): string[] => splits.map(axisText);
    if (!this.log) return { values };
    const most = (plot: uPlot): number => Math.max(2, Math.floor(plot.height / 30));
    return { values, splits: (plot, _, min, max) => decades(min, max, most(plot)), filter: (_, splits) => splits };
  }
}
