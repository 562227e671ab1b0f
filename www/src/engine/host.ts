/** What the worker offers the page. One host, one device; as many runs as there are playgrounds on the page. */
import * as Comlink from 'comlink';
import init, { Engine } from '../../pkg/cnn_playground.js';
import shadersUrl from '../../pkg/shaders.txt?url';
import { chooseKernels } from '../tuning/kernels.js';
import type { CostInfo, ModelSpec, NetworkDescription } from '../builder/api.js';
import type { Answers } from '../seeing/answers.js';
import type { Questions } from '../seeing/questions.js';
import type { Offer, RunRecord } from '../saves/saved.js';
import type { Dataset, DatasetInfo, OptimizerConfig, Sample, Schedule, Session, ViewLayout } from './api.js';
import type { PaintOptions } from './canvases.js';
import { isBuiltIn } from './datasets.js';
import { look } from './learning.js';
import {
  isKept,
  sessionConfig,
  type Augmented,
  type CostQuestion,
  type Kept,
  type LearningRecord,
  type Progress,
  type RunConfig,
  type RunDescription,
  type RunListener,
  type StartResult,
  type UnsupportedReason,
  type Verdicts,
} from './protocol.js';
import { messageOf, Run } from './run.js';
import { pickSamples } from './samples.js';
import { Savings, type Resumed } from './savings.js';
import { Shelf } from './shelf.js';

async function textOf(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return response.text();
}

const REASONS: readonly string[] = ['no-webgpu', 'no-adapter', 'limits'] satisfies UnsupportedReason[];

/** Own networks need the full engine, which few visitors load. */
const forOwn = (): Promise<typeof import('../builder/own.js')> => import('../builder/own.js');

/** An engine, and the data sets that lie with it. */
interface Opened {
  engine: Engine;
  shelf: Shelf;
}

export class Host {
  private opened: Opened | null = null;
  private own: Promise<Opened> | null = null;
  private loseOwn: (message: string) => void = () => undefined;
  private readonly ownLost = new Promise<string>((resolve) => {
    this.loseOwn = resolve;
  });
  private readonly runs = new Map<number, Run>();
  private readonly data = new Map<number, { dataset: Dataset; give: () => void }>();
  private readonly answers = new Map<number, Answers>();
  private readonly savings = new Savings();
  private nextId = 1;
  private making: Promise<unknown> = Promise.resolve();

  async start(): Promise<StartResult> {
    try {
      const [shaders] = await Promise.all([textOf(shadersUrl), init()]);
      const engine = await Engine.create(shaders);
      this.opened = { engine, shelf: new Shelf(engine) };
      return { ok: true, adapter: engine.adapter(), models: engine.models() };
    } catch (error) {
      const code = (error as { code?: unknown } | null)?.code;
      const reason = REASONS.find((known) => known === code) as UnsupportedReason | undefined;
      return { ok: false, reason: reason ?? 'failed', message: messageOf(error) };
    }
  }

  /** Resolves with the engine's words when the device is lost. */
  lost(): Promise<string> {
    return Promise.race([this.ready().engine.lost(), this.ownLost]);
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

  aim(id: number, schedule: Schedule, limit: number | null): void {
    this.run(id).aim(schedule, limit);
  }

  learning(id: number, layer: string, weight: string | null): Promise<LearningRecord> {
    const { session, attempt } = this.run(id);
    return look(session, attempt, layer, weight);
  }

  verdicts(id: number): Promise<Verdicts> {
    const run = this.run(id);
    const dataset = this.dataOf(id);
    // Between two steps: all pictures are judged by the same weights.
    return run.ask(async () => {
      const { session, attempt } = run;
      const { step } = session.state();
      const [samples, probabilities] = await session.predictions('validation');
      const indices = [...samples];
      const classes = indices.length === 0 ? 0 : probabilities.length / indices.length;
      const all = dataset.labels();
      const labels = indices.map((index) => all[index] ?? 0);
      return { attempt, step, indices, labels, classes, probabilities };
    });
  }

  sample(id: number, index: number): Sample {
    return this.dataOf(id).sample(index);
  }

  weights(id: number, layer: string, name: string): Promise<Float32Array> {
    return this.run(id).session.weights(layer, name);
  }

  step(id: number): void {
    this.run(id).step();
  }

  async reset(id: number, seed: number): Promise<Progress> {
    const progress = await this.run(id).reset(seed);
    // What begins now is saved as a run of its own.
    this.savings.close(id);
    return progress;
  }

  async augmented(id: number, index: number, count: number): Promise<Augmented> {
    const { session } = this.run(id);
    return { part: session.partOf(index), pictures: await session.augmented(index, count) };
  }

  /** Takes a snapshot at once, which an event tells. */
  keepSoon(id: number): void {
    this.run(id).keepSoon(true);
  }

  /** Stops a run, and takes the snapshot that it is saved with before another one takes its place. */
  part(id: number): Promise<Kept | null> {
    return this.run(id).part();
  }

  /** Saves the last snapshot with the page's record of the same moment. */
  save(id: number, record: RunRecord): Promise<void> {
    return this.savings.save(id, this.run(id), record);
  }

  /** Saved runs that no open tab is training, newest first. */
  offers(): Promise<Offer[]> {
    return this.savings.offers();
  }

  /** Takes a saved run up again in a run of the same settings. */
  resume(id: number, saved: string): Promise<Resumed> {
    return this.savings.resume(id, this.run(id), saved);
  }

  discard(saved: string): Promise<void> {
    return this.savings.discard(saved);
  }

  /** Back to the last snapshot whose weights were sound. */
  goBack(id: number): Promise<Progress> {
    const run = this.run(id);
    const good = run.keeper?.good ?? null;
    return good === null ? Promise.reject(new Error('There is no snapshot to go back to.')) : run.restore(good);
  }

  /** What was measured of kernels is measured again before the next run. */
  async forgetKernels(): Promise<void> {
    await (await import('../tuning/memory.js')).forget();
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

  /** What only some people ask; who answers comes with the first question. */
  async ask(id: number, name: keyof Questions, ...rest: unknown[]): Promise<unknown> {
    const { Answers } = await import('../seeing/answers.js');
    const run = this.run(id);
    const answers = this.answers.get(id) ?? new Answers(run, this.dataOf(id));
    this.answers.set(id, answers);
    const question = answers[name] as (...rest: unknown[]) => Promise<unknown>;
    return run.ask(() => question.apply(answers, rest));
  }

  addView(id: number, view: number, canvas: OffscreenCanvas, options: PaintOptions): ViewLayout {
    return this.run(id).canvases.add(view, canvas, options);
  }

  /** Once all canvases are painted that are there by now. */
  painted(id: number): Promise<void> {
    return this.run(id).painted();
  }

  setView(id: number, view: number, options: PaintOptions, width: number, height: number): ViewLayout | null {
    return this.runs.get(id)?.canvases.set(view, options, width, height) ?? null;
  }

  showView(id: number, view: number, visible: boolean): ViewLayout | null {
    return this.runs.get(id)?.canvases.show(view, visible) ?? null;
  }

  removeView(id: number, view: number): void {
    this.runs.get(id)?.canvases.remove(view);
  }

  async close(id: number): Promise<void> {
    const run = this.runs.get(id);
    this.runs.delete(id);
    this.savings.close(id);
    if (run === undefined) return;
    try {
      await run.close(() => {
        this.answers.get(id)?.free();
        this.answers.delete(id);
      });
    } finally {
      this.data.get(id)?.give();
      this.data.delete(id);
      release(run.listener);
    }
  }

  /** What a file of pictures holds. */
  async inspect(title: string, file: Uint8Array): Promise<DatasetInfo> {
    return (await forOwn()).inspect(title, file);
  }

  /** A network of the registry as data. */
  async modelSpec(name: string, channels: number, classes: number): Promise<ModelSpec> {
    return (await forOwn()).modelSpec(name, channels, classes);
  }

  /** What a network would be; throws the engine's reason why it cannot be. */
  async describe(spec: ModelSpec, optimizer: OptimizerConfig, batch: number): Promise<NetworkDescription> {
    return (await forOwn()).describe(spec, optimizer, batch);
  }

  /** What training would cost; nothing is allocated for it. */
  async cost(question: CostQuestion): Promise<CostInfo> {
    return (await forOwn()).cost(question);
  }

  /** All weights of a run as a safetensors file, as they are between two steps. */
  weightsFile(id: number): Promise<Uint8Array> {
    const run = this.run(id);
    const { shape, classes } = this.dataOf(id).info();
    return run.ask(async () => {
      const { writeWeights } = await import('../transfer/safetensors.js');
      const { name: model, layers } = run.session.network();
      const tensors = [];
      for (const layer of layers) {
        for (const { name, shape } of layer.weights) {
          tensors.push({ name: `${layer.name}/${name}`, shape, values: await run.session.weights(layer.name, name) });
        }
      }
      const file = writeWeights(tensors, { model, input: shape, classes });
      return Comlink.transfer(file, [file.buffer]);
    });
  }

  private async build(config: RunConfig, listener: RunListener): Promise<RunDescription> {
    const opened = isPlain(config) ? this.ready() : await this.readyForOwn();
    const dataset = await opened.shelf.take(config.dataset);
    const give = (): void => opened.shelf.give(config.dataset);
    try {
      return await this.buildOn(opened, { dataset, give }, config, listener);
    } catch (error) {
      give();
      throw error;
    }
  }

  private async buildOn(
    opened: Opened,
    data: { dataset: Dataset; give: () => void },
    config: RunConfig,
    listener: RunListener,
  ): Promise<RunDescription> {
    const { dataset } = data;
    const info = dataset.info();
    const picked = pickSamples(dataset);
    // One after the other: measuring wants the GPU for itself, and a session the kernels that were chosen for it.
    const making = this.making.then(async () => {
      const tuning = await chooseKernels(opened.engine, config, info, shadersUrl, (done, all) => {
        listener({ attempt: 0, type: 'tuning', done, all });
      });
      return { tuning, ...(await this.session(opened.engine, dataset, config)) };
    });
    this.making = making.catch(() => undefined);
    const { session, loaded, tuning } = await making;
    const plan = session.plan();
    const run = new Run(opened.engine, session, config.batch, listener, isKept(plan));
    const id = this.nextId;
    this.nextId += 1;
    this.runs.set(id, run);
    this.data.set(id, data);
    return {
      id,
      network: session.network(),
      summary: session.summary(),
      plan,
      batch: config.batch,
      optimizer: config.optimizer,
      dataset: info,
      ...picked,
      loaded,
      progress: run.progress(),
      tuning,
    };
  }

  private async session(
    engine: Engine,
    dataset: Dataset,
    config: RunConfig,
  ): Promise<{ session: Session; loaded: RunDescription['loaded'] }> {
    if (!isPlain(config)) return (await forOwn()).ownSession(config, dataset);
    return { session: await engine.session(dataset, sessionConfig(config)), loaded: null };
  }

  private ready(): Opened {
    if (this.opened === null) throw new Error('The engine has not started.');
    return this.opened;
  }

  private readyForOwn(): Promise<Opened> {
    if (this.own !== null) return this.own;
    const opening = forOwn().then(async (own) => {
      const engine = await own.fullEngine();
      void engine.lost().then(this.loseOwn);
      return { engine, shelf: new Shelf(engine) };
    });
    this.own = opening;
    // What could not be loaded may be tried again.
    opening.catch(() => (this.own = null));
    return opening;
  }

  private run(id: number): Run {
    const run = this.runs.get(id);
    if (run === undefined) throw new Error(`Run ${id} is closed.`);
    return run;
  }

  private dataOf(id: number): Dataset {
    const data = this.data.get(id);
    if (data === undefined) throw new Error(`Run ${id} is closed.`);
    return data.dataset;
  }
}

/** Whether the engine that every visitor loads can do it. */
function isPlain({ net, dataset, freeze_all_but: last, first }: RunConfig): boolean {
  return net === '' && isBuiltIn(dataset) && last === null && first === null;
}

/** Closes the page's end of a listener too. */
function release(listener: RunListener): void {
  (listener as Partial<Comlink.Remote<RunListener>>)[Comlink.releaseProxy]?.();
}
