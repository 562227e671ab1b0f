/** What the worker offers the page. One host, one device; as many runs as there are playgrounds on the page. */
import * as Comlink from 'comlink';
import init, { Engine } from '../../pkg/cnn_playground.js';
import type { Dataset, Sample, ViewLayout, ViewOptions } from './api.js';
import { DATASETS, SHAPES, type DatasetName } from './datasets.js';
import type { Progress, RunConfig, RunDescription, RunListener, StartResult, UnsupportedReason } from './protocol.js';
import { messageOf, Run } from './run.js';

const SAMPLES_PER_CLASS = 7;

/** Beside the built worker's folder lies the data folder; the dev server serves both from its root. */
const DATA_FOLDER = import.meta.env.DEV ? '/data/' : '../data/';

const REASONS: readonly string[] = ['no-webgpu', 'no-adapter', 'limits'] satisfies UnsupportedReason[];

export class Host {
  private engine: Engine | null = null;
  private readonly datasets = new Map<DatasetName, Promise<Dataset>>();
  private readonly runs = new Map<number, Run>();
  private nextId = 1;

  async start(): Promise<StartResult> {
    try {
      await init();
      const engine = await Engine.create();
      this.engine = engine;
      return { ok: true, adapter: engine.adapter(), models: engine.models() };
    } catch (error) {
      const code = (error as { code?: unknown } | null)?.code;
      const reason = REASONS.find((known) => known === code) as UnsupportedReason | undefined;
      return { ok: false, reason: reason ?? 'failed', message: messageOf(error) };
    }
  }

  /** Resolves with the engine's words when the device is lost. */
  lost(): Promise<string> {
    return this.ready().lost();
  }

  async open(config: RunConfig, listener: RunListener): Promise<RunDescription> {
    try {
      return await this.build(config, listener);
    } catch (error) {
      release(listener);
      throw error;
    }
  }

  play(id: number): void {
    this.run(id).play();
  }

  pause(id: number): Promise<void> {
    return this.run(id).pause();
  }

  step(id: number): void {
    this.run(id).step();
  }

  reset(id: number, seed: number): Promise<Progress> {
    return this.run(id).reset(seed);
  }

  setLearningRate(id: number, rate: number): void {
    this.run(id).session.setLearningRate(rate);
  }

  probeSample(id: number, index: number): void {
    this.run(id).probeSample(index);
  }

  probePixels(id: number, pixels: Float32Array): void {
    this.run(id).probePixels(pixels);
  }

  activation(id: number, layer: string): Promise<Float32Array> {
    return this.run(id).session.activation(layer);
  }

  addView(id: number, view: number, canvas: OffscreenCanvas, options: ViewOptions): ViewLayout {
    return this.run(id).addView(view, canvas, options);
  }

  setView(id: number, view: number, options: ViewOptions, width: number, height: number): ViewLayout | null {
    return this.runs.get(id)?.setView(view, options, width, height) ?? null;
  }

  showView(id: number, view: number, visible: boolean): ViewLayout | null {
    return this.runs.get(id)?.showView(view, visible) ?? null;
  }

  removeView(id: number, view: number): void {
    this.runs.get(id)?.removeView(view);
  }

  async close(id: number): Promise<void> {
    const run = this.runs.get(id);
    this.runs.delete(id);
    if (run === undefined) return;
    await run.close();
    release(run.listener);
  }

  private async build(config: RunConfig, listener: RunListener): Promise<RunDescription> {
    const engine = this.ready();
    const dataset = await this.dataset(config.dataset);
    const info = dataset.info();
    const { model, optimizer, batch, seed } = config;
    const session = await engine.session(dataset, { model, optimizer, batch, seed });
    const run = new Run(engine, session, batch, listener);
    const id = this.nextId;
    this.nextId += 1;
    this.runs.set(id, run);
    return {
      id,
      network: session.network(),
      summary: session.summary(),
      plan: session.plan(),
      dataset: info,
      samples: pickSamples(dataset),
      progress: run.progress(),
    };
  }

  private ready(): Engine {
    if (this.engine === null) throw new Error('The engine has not started.');
    return this.engine;
  }

  private run(id: number): Run {
    const run = this.runs.get(id);
    if (run === undefined) throw new Error(`Run ${id} is closed.`);
    return run;
  }

  /** A data set is loaded once for all runs to come. */
  private dataset(name: DatasetName): Promise<Dataset> {
    const known = this.datasets.get(name);
    if (known !== undefined) return known;
    const loading = this.load(name);
    this.datasets.set(name, loading);
    // A failed download may be tried again.
    loading.catch(() => this.datasets.delete(name));
    return loading;
  }

  private async load(name: DatasetName): Promise<Dataset> {
    const dataset = name === 'digits' ? await this.loadDigits() : this.ready().shapes(SHAPES.count, SHAPES.seed);
    const { shape } = dataset.info();
    const expected = DATASETS[name].shape;
    if (shape.join() !== expected.join()) {
      throw new Error(`Data set "${name}" has shape ${shape.join('×')}, the page expected ${expected.join('×')}.`);
    }
    return dataset;
  }

  private async loadDigits(): Promise<Dataset> {
    const url = new URL(`${DATA_FOLDER}digits.safetensors`, self.location.href);
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url.pathname} could not be loaded: HTTP ${response.status}.`);
    return this.ready().digits(new Uint8Array(await response.arrayBuffer()));
  }
}

/** Closes the page's end of a listener too. */
function release(listener: RunListener): void {
  (listener as Partial<Comlink.Remote<RunListener>>)[Comlink.releaseProxy]?.();
}

/** The first few pictures of every class, by class. */
function pickSamples(dataset: Dataset): Sample[] {
  const { count, classes } = dataset.info();
  const byClass = classes.map((): Sample[] => []);
  let missing = classes.length;
  for (let index = 0; index < count && missing > 0; index += 1) {
    const sample = dataset.sample(index);
    const list = byClass[sample.label];
    if (list === undefined || list.length >= SAMPLES_PER_CLASS) continue;
    list.push(sample);
    if (list.length === SAMPLES_PER_CLASS) missing -= 1;
  }
  return byClass.flat();
}
