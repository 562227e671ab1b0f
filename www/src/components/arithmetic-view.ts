import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { LayerInfo, NetworkInfo } from '../engine/api.js';
import type { RunHandle } from '../engine/client.js';
import { more, type MoreMessages } from '../i18n/more/index.js';
import { Asking } from '../lib/asking.js';
import { outputShape } from '../lib/layers.js';
import { paintMap } from '../lib/paint-map.js';
import { short, text } from '../lib/small-numbers.js';
import {
  ACTIVATIONS,
  inputArea,
  kernelIndex,
  seenOfPicture,
  windowsOf,
  type Area,
  type Windows,
} from '../lib/windows.js';
import { base } from '../styles/base.js';
import { arithmeticStyles } from './arithmetic-styles.js';
import { PlaygroundElement } from './element.js';
import { icon } from './icon.js';
import { styled } from './styled.js';

/** Windows up to this side are written out. */
const LARGEST = 7;

/** What the GPU holds around the chosen layer. */
interface Values {
  layer: string;
  picture: Float32Array;
  input: Float32Array;
  output: Float32Array;
  kernel: Float32Array | null;
  bias: Float32Array | null;
}

/** One output value of a convolution or pooling, reckoned before one's eyes: its window on the input, its kernel, and what of the
 * picture it sees. */
@customElement('cnp-arithmetic-view')
export class ArithmeticView extends PlaygroundElement {
  static override styles = [base, arithmeticStyles];

  @property({ attribute: false }) run: RunHandle | null = null;
  @property({ attribute: false }) layer: LayerInfo | null = null;
  /** A new object with every painting. */
  @property({ attribute: false }) painting: unknown = null;

  @state() private values: Values | null = null;
  @state() private at = { y: 0, x: 0 };
  @state() private from = 0;
  @state() private to = 0;

  private said = { key: '', text: '' };
  private readonly asking = new Asking(this, () => this.read());

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('layer') || changed.has('run')) {
      this.values = null;
      this.asking.soon(true);
      const [height = 1, width = 1] = this.layer?.output_shape ?? [];
      this.at = { y: Math.floor(height / 2), x: Math.floor(width / 2) };
      this.from = 0;
      this.to = 0;
    }
    if (changed.has('painting')) this.asking.soon();
  }

  private get network(): NetworkInfo | null {
    return this.run?.description.network ?? null;
  }

  private get windows(): Windows | null {
    const { network, layer } = this;
    return network === null || layer === null ? null : windowsOf(network, layer);
  }

  private async read(): Promise<void> {
    const { run, layer, windows } = this;
    if (run === null || layer === null || windows === null) return;
    const weight = (...names: string[]): Promise<Float32Array | null> => {
      const found = layer.weights.find(({ name }) => names.includes(name));
      return found === undefined ? Promise.resolve(null) : run.weights(layer.name, found.name);
    };
    try {
      const [picture, input, output, kernel, bias] = await Promise.all([
        run.activation(run.description.network.input.layer),
        run.activation(layer.connected_to[0] ?? ''),
        run.activation(layer.name),
        weight('kernel', 'depthwise_kernel'),
        weight('bias'),
      ]);
      if (run === this.run && layer === this.layer)
        this.values = { layer: layer.name, picture, input, output, kernel, bias };
    } catch {
      // The run was closed meanwhile.
    }
  }

  protected override render(): TemplateResult {
    const { network, layer, values, windows } = this;
    const m = more(this.t);
    if (network === null || layer === null || windows === null) return html`<p class="empty">${m.noArithmetic}</p>`;
    const pixel = { top: this.at.y, bottom: this.at.y, left: this.at.x, right: this.at.x };
    const area = inputArea(windows, pixel);
    const input = outputShape(network, layer.connected_to[0] ?? '');
    const pooling = windows.kind === 'max' || windows.kind === 'average';
    return html`
      <div class="maps">
        ${this.map('picture', m.picture, network.input.shape, seenOfPicture(network, layer.name, pixel), nothing)}
        ${this.map(
          'input',
          m.inputOf(String(this.shownFrom(windows, input, layer))),
          input,
          area,
          windows.kind === 'conv'
            ? this.steps(m.inputChannel, input[2] ?? 1, this.from, (next) => (this.from = next))
            : nothing,
        )}
        ${this.map(
          'output',
          m.outputOf(String(this.to)),
          layer.output_shape,
          pixel,
          this.steps(m.outputChannel, layer.output_shape[2] ?? 1, this.to, (next) => (this.to = next)),
        )}
        <div class="sums number">
          ${values === null ? nothing : pooling ? this.pooled(m, windows, values, input, layer) : this.summed(m, windows, values, input, layer)}
          <p class="label">${m.arithmeticHint}</p>
          <p class="visually-hidden" role="status">${this.spoken(m, values, layer)}</p>
        </div>
      </div>
      <div class="numbers">${values === null ? nothing : this.grids(m, windows, values, input, layer)}</div>
    `;
  }

  /** For screen readers: of every place and channel once, however often its value changes while the network trains. */
  private spoken(m: MoreMessages, values: Values | null, layer: LayerInfo): string {
    const place = `${m.outputOf(String(this.to))} (${this.at.y}, ${this.at.x})`;
    const key = `${layer.name} ${this.from} ${place}`;
    if (values !== null && key !== this.said.key) {
      this.said = { key, text: `${place}: ${m.fromGpu} ${text(this.measured(values, layer))}` };
    }
    return this.said.text;
  }

  private map(
    name: 'picture' | 'input' | 'output',
    title: string,
    [height = 1, width = 1]: readonly number[],
    area: Area,
    controls: TemplateResult | typeof nothing,
  ): TemplateResult {
    const share = (part: number, whole: number): string => `${(100 * part) / whole}%`;
    const box = {
      left: share(area.left, width),
      top: share(area.top, height),
      width: share(area.right - area.left + 1, width),
      height: share(area.bottom - area.top + 1, height),
    };
    const isOutput = name === 'output';
    return html`
      <figure>
        <figcaption class="number"><span title=${title}>${title}</span>${controls}</figcaption>
        <div
          class="map ${name}"
          role=${isOutput ? 'application' : 'img'}
          aria-label=${isOutput ? `${title}, (${this.at.y}, ${this.at.x})` : title}
          tabindex=${isOutput ? 0 : nothing}
          @pointermove=${isOutput ? this.onPoint : nothing}
          @pointerdown=${isOutput ? this.onPoint : nothing}
          @keydown=${isOutput ? this.onKey : nothing}
        >
          <canvas data-map=${name} width=${width} height=${height}></canvas>
          <div class="box" ${styled(box)}></div>
        </div>
      </figure>
    `;
  }

  private steps(
    label: string,
    count: number,
    now: number,
    go: (next: number) => void,
  ): TemplateResult | typeof nothing {
    if (count < 2) return nothing;
    return html`
      <button
        class="button square small quiet"
        aria-label=${`${label} −1`}
        @click=${() => go((now + count - 1) % count)}
      >
        ${icon('chevronLeft')}
      </button>
      <button class="button square small quiet" aria-label=${`${label} +1`} @click=${() => go((now + 1) % count)}>
        ${icon('chevronRight')}
      </button>
    `;
  }

  /** Pooling and depthwise convolution read one channel; the others the one that is chosen. */
  private shownFrom(windows: Windows, input: readonly number[], layer: LayerInfo): number {
    if (windows.kind === 'conv') return Math.min(this.from, (input[2] ?? 1) - 1);
    const multiplier = (layer.output_shape[2] ?? 1) / (input[2] ?? 1);
    return Math.floor(this.to / multiplier);
  }

  /** The window's values of one input channel; `null` where it reaches into the padding. */
  private window(
    windows: Windows,
    values: Values,
    [height = 1, width = 1, channels = 1]: readonly number[],
    channel: number,
  ) {
    const { top, left } = inputArea(windows, { top: this.at.y, bottom: this.at.y, left: this.at.x, right: this.at.x });
    return Array.from({ length: windows.size[0] }, (_, i) =>
      Array.from({ length: windows.size[1] }, (_, j): number | null => {
        const y = top + i * windows.dilation[0];
        const x = left + j * windows.dilation[1];
        if (y < 0 || x < 0 || y >= height || x >= width) return null;
        return values.input[(y * width + x) * channels + channel] ?? null;
      }),
    );
  }

  private kernelAt(windows: Windows, values: Values, input: readonly number[], layer: LayerInfo, channel: number) {
    const channels = { input: input[2] ?? 1, output: layer.output_shape[2] ?? 1 };
    return (i: number, j: number): number => {
      const index = kernelIndex(windows, channels, [i, j], channel, this.to);
      return index === null ? 0 : (values.kernel?.[index] ?? 0);
    };
  }

  /** Σ window × kernel over one input channel. */
  private sumOver(
    windows: Windows,
    values: Values,
    input: readonly number[],
    layer: LayerInfo,
    channel: number,
  ): number {
    const kernel = this.kernelAt(windows, values, input, layer, channel);
    const window = this.window(windows, values, input, channel);
    return window.reduce(
      (sum, row, i) => row.reduce<number>((all, value, j) => all + (value ?? 0) * kernel(i, j), sum),
      0,
    );
  }

  private measured(values: Values, layer: LayerInfo): number {
    const [, width = 1, channels = 1] = layer.output_shape;
    return values.output[(this.at.y * width + this.at.x) * channels + this.to] ?? Number.NaN;
  }

  private summed(
    m: MoreMessages,
    windows: Windows,
    values: Values,
    input: readonly number[],
    layer: LayerInfo,
  ): TemplateResult {
    const shown = this.shownFrom(windows, input, layer);
    const own = this.sumOver(windows, values, input, layer, shown);
    let rest = 0;
    for (let channel = 0; channel < (input[2] ?? 1); channel += 1) {
      if (channel !== shown) rest += this.sumOver(windows, values, input, layer, channel);
    }
    const bias = values.bias?.[this.to] ?? 0;
    const total = own + rest + bias;
    const name = typeof layer.config['activation'] === 'string' ? layer.config['activation'] : 'linear';
    const activate = ACTIVATIONS[name];
    return html`
      <p data-total=${total} data-measured=${this.measured(values, layer)}>
        ${m.thisChannel}
        <b>${text(own)}</b>
        ${(input[2] ?? 1) > 1 && windows.kind === 'conv' ? html`+ ${m.otherChannels} <b>${text(rest)}</b>` : nothing}
        ${values.bias === null ? nothing : html`+ ${m.bias} <b>${text(bias)}</b>`} = <b>${text(total)}</b>
      </p>
      <p>
        ${name === 'linear' || activate === undefined ? nothing : html`${name}(${text(total)}) = <b>${text(activate(total))}</b> · `}
        ${m.fromGpu} <b>${text(this.measured(values, layer))}</b>
      </p>
    `;
  }

  private pooled(
    m: MoreMessages,
    windows: Windows,
    values: Values,
    input: readonly number[],
    layer: LayerInfo,
  ): TemplateResult {
    const cells = this.window(windows, values, input, this.to)
      .flat()
      .filter((value) => value !== null);
    const isMax = windows.kind === 'max';
    const value = isMax ? Math.max(...cells) : cells.reduce((sum, cell) => sum + cell, 0) / cells.length;
    return html`<p data-total=${value} data-measured=${this.measured(values, layer)}>
      ${isMax ? m.largestOf(String(cells.length)) : m.meanOf(String(cells.length))} = <b>${text(value)}</b> ·
      ${m.fromGpu}
      <b>${text(this.measured(values, layer))}</b>
    </p>`;
  }

  private grids(
    m: MoreMessages,
    windows: Windows,
    values: Values,
    input: readonly number[],
    layer: LayerInfo,
  ): TemplateResult | typeof nothing {
    if (Math.max(...windows.size) > LARGEST) return nothing;
    const channel = this.shownFrom(windows, input, layer);
    const window = this.window(windows, values, input, channel);
    const largest = Math.max(...window.flat().filter((value) => value !== null));
    const columns = { 'grid-template-columns': `repeat(${windows.size[1]}, auto)` };
    const kernel = this.kernelAt(windows, values, input, layer, channel);
    return html`
      <h3>${m.windowGrid}</h3>
      <div class="grid number" ${styled(columns)}>
        ${window
          .flat()
          .map((value) =>
            value === null
              ? html`<span class="outside">${windows.kind === 'max' ? '' : '0'}</span>`
              : html`<span class=${windows.kind === 'max' && value === largest ? 'winner' : ''}>${short(value)}</span>`,
          )}
      </div>
      ${
        values.kernel === null
          ? nothing
          : html`<h3>× ${m.kernelGrid}</h3>
              <div class="grid number" ${styled(columns)}>
                ${window.flatMap((row, i) => row.map((_, j) => html`<span>${short(kernel(i, j))}</span>`))}
              </div>`
      }
    `;
  }

  private onPoint(event: PointerEvent): void {
    const [height = 1, width = 1] = this.layer?.output_shape ?? [];
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const cell = (share: number, count: number): number => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
    const y = cell((event.clientY - box.top) / box.height, height);
    const x = cell((event.clientX - box.left) / box.width, width);
    if (y !== this.at.y || x !== this.at.x) this.at = { y, x };
  }

  private onKey(event: KeyboardEvent): void {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const [height = 1, width = 1] = this.layer?.output_shape ?? [];
    const within = (value: number, count: number): number => Math.min(count - 1, Math.max(0, value));
    this.at = { y: within(this.at.y + (by[0] ?? 0), height), x: within(this.at.x + (by[1] ?? 0), width) };
  }

  protected override updated(): void {
    const { network, layer, values, windows } = this;
    if (network === null || layer === null || values === null || windows === null) return;
    const input = outputShape(network, layer.connected_to[0] ?? '');
    this.paint('picture', values.picture, network.input.shape, null);
    this.paint('input', values.input, input, this.shownFrom(windows, input, layer));
    this.paint('output', values.output, layer.output_shape, this.to);
  }

  private paint(name: string, values: Float32Array, shape: readonly number[], channel: number | null): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(`[data-map=${name}]`);
    if (canvas !== null) paintMap(canvas, values, shape, channel);
  }
}
