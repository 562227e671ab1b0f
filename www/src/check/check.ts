/** The state of the check page and all that can be done to it. Components get the state as properties and send events;
 * nothing else writes here. One thing runs at a time: two would disturb each other's clocks. */
import * as Comlink from 'comlink';
import type { UnsupportedReason } from '../engine/protocol.js';
import { missingSupport } from '../lib/support.js';
import type { ConformResult } from './api.js';
import { CASES, nameOf, opOf } from './cases.js';
import type { CheckHost } from './host.js';
import type { CaseRow, CheckStart, GradientRow, GradientRun } from './protocol.js';

type Ready = Extract<CheckStart, { ok: true }>;

export interface CheckState {
  readonly phase: 'idle' | 'starting' | 'ready' | 'unsupported' | 'failed' | 'lost';
  readonly unsupported: { reason: UnsupportedReason; message: string } | null;
  readonly start: Ready | null;
  readonly busy: 'cases' | 'gradient' | null;
  readonly rows: readonly CaseRow[];
  /** Wall time that the cases took, loading included, in seconds. */
  readonly seconds: number;
  readonly gradient: GradientRun | null;
  readonly problem: { kind: 'engine' | 'lost' | 'gradient'; message: string } | null;
}

/** Files that are fetched before their turn comes. */
const AHEAD = 4;

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const waiting = (row: CaseRow): CaseRow => ({ ...row, status: 'waiting', result: null });

export class Check {
  private current: CheckState = {
    phase: 'idle',
    unsupported: null,
    start: null,
    busy: null,
    rows: CASES.map(({ name }) => ({ name, op: '', own: false, status: 'waiting', result: null })),
    seconds: 0,
    gradient: null,
    problem: null,
  };
  private worker: Worker | null = null;
  private host: Comlink.Remote<CheckHost> | null = null;
  /** Own files lie here, shipped cases are fetched. */
  private readonly own = new Map<string, File>();
  private cancelled = false;
  /** Names of the cases that wait for their turn. */
  private readonly queue: string[] = [];
  /** Grows with every started engine; answers of an older one are dropped. */
  private generation = 0;

  constructor(
    private readonly httpError: (status: number) => string,
    private readonly changed: (state: CheckState) => void,
  ) {}

  get state(): CheckState {
    return this.current;
  }

  async start(): Promise<void> {
    if (this.current.phase !== 'idle') return;
    this.set({ phase: 'starting', problem: null, unsupported: null });
    this.generation += 1;
    const { generation } = this;
    const start = await this.launch();
    if (generation !== this.generation) return;
    if (start.ok) {
      this.set({ phase: 'ready', start });
      void this.host?.lost().then((message) => this.lose(generation, message));
    } else if (start.reason === 'failed') {
      this.set({ phase: 'failed', problem: { kind: 'engine', message: start.message } });
    } else {
      this.set({ phase: 'unsupported', unsupported: { reason: start.reason, message: start.message } });
    }
  }

  /** After a lost device or a failed start: a fresh worker. */
  async restart(): Promise<void> {
    this.worker?.terminate();
    this.worker = null;
    this.host = null;
    this.set({ phase: 'idle', busy: null });
    await this.start();
  }

  /** Runs every case. */
  async run(): Promise<void> {
    if (this.current.phase !== 'ready' || this.current.busy !== null) return;
    this.set({ rows: this.current.rows.map(waiting), seconds: 0, problem: null });
    this.queue.push(...this.current.rows.map(({ name }) => name));
    await this.drain();
  }

  cancel(): void {
    this.cancelled = true;
  }

  /** Takes the visitor's own reference files in, and runs them. */
  async addFiles(files: readonly File[]): Promise<void> {
    const added: CaseRow[] = [];
    const names = new Set(this.current.rows.map(({ name }) => name));
    for (const file of files) {
      let name = nameOf(file.name);
      for (let copy = 2; names.has(name); copy += 1) name = `${nameOf(file.name)} (${copy})`;
      names.add(name);
      this.own.set(name, file);
      added.push({ name, op: '', own: true, status: 'waiting', result: null });
    }
    this.set({ rows: [...added, ...this.current.rows] });
    this.queue.unshift(...added.map(({ name }) => name));
    await this.drain();
  }

  /** Checks the gradient of a network layer by layer. */
  async runGradient(model: string, seed: number): Promise<void> {
    const { host, generation } = this;
    if (host === null || this.current.phase !== 'ready' || this.current.busy !== null) return;
    this.cancelled = false;
    this.set({ busy: 'gradient', gradient: { model, seed, rows: [] }, problem: null });
    try {
      const layers = await host.openGradient(model, seed);
      let rows: GradientRow[] = layers.map((layer) => ({ layer, result: null }));
      this.set({ gradient: { model, seed, rows } });
      for (const layer of layers) {
        if (this.stopped(generation)) break;
        const result = await host.checkLayer(layer.index);
        rows = rows.map((row) => (row.layer.index === layer.index ? { layer, result } : row));
        if (generation === this.generation) this.set({ gradient: { model, seed, rows } });
      }
    } catch (error) {
      if (generation === this.generation) this.set({ problem: { kind: 'gradient', message: textOf(error) } });
    }
    if (generation !== this.generation) return;
    await host.closeGradient();
    this.set({ busy: null });
    // Files that were dropped meanwhile.
    if (this.queue.length > 0) await this.drain();
  }

  /** Proves what is in the queue, also what joins it meanwhile. */
  private async drain(): Promise<void> {
    const { host, generation, queue } = this;
    if (host === null || this.current.phase !== 'ready' || this.current.busy !== null) return;
    this.cancelled = false;
    this.set({ busy: 'cases' });
    const begun = performance.now();
    const before = this.current.seconds;
    const loading = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
    for (let name = queue[0]; name !== undefined; name = queue[0]) {
      for (const soon of queue.slice(0, AHEAD)) {
        if (loading.has(soon)) continue;
        const bytes = this.load(soon);
        // Told when its turn comes.
        bytes.catch(() => undefined);
        loading.set(soon, bytes);
      }
      queue.shift();
      await this.prove(host, name, loading.get(name) ?? this.load(name));
      loading.delete(name);
      if (generation !== this.generation) return;
      if (this.stopped(generation)) queue.length = 0;
      this.set({ seconds: before + (performance.now() - begun) / 1000 });
    }
    this.set({ busy: null });
  }

  private async prove(
    host: Comlink.Remote<CheckHost>,
    name: string,
    loading: Promise<Uint8Array<ArrayBuffer>>,
  ): Promise<void> {
    const { generation } = this;
    let result: ConformResult;
    try {
      const bytes = await loading;
      this.setRow(name, { status: 'running', op: opOf(bytes) });
      result = await host.conform(Comlink.transfer(bytes, [bytes.buffer]), name);
    } catch (error) {
      result = failure(name, textOf(error));
    }
    if (generation === this.generation) this.setRow(name, { status: result.passed ? 'passed' : 'failed', result });
  }

  private async load(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const file = this.own.get(name);
    if (file !== undefined) return new Uint8Array(await file.arrayBuffer());
    const response = await fetch(CASES.find((known) => known.name === name)?.url ?? '');
    if (!response.ok) throw new Error(this.httpError(response.status));
    return new Uint8Array(await response.arrayBuffer());
  }

  private async launch(): Promise<CheckStart> {
    const reason = await missingSupport();
    if (reason !== null) return { ok: false, reason, message: '' };
    const worker = new Worker(new URL('./check-worker.ts', import.meta.url), { type: 'module', name: 'cnn-check' });
    this.worker = worker;
    const broken = new Promise<CheckStart>((resolve) => {
      worker.addEventListener('error', (event) => {
        resolve({ ok: false, reason: 'failed', message: event.message });
      });
    });
    this.host = Comlink.wrap<CheckHost>(worker);
    return Promise.race([this.host.start(), broken]);
  }

  private lose(generation: number, message: string): void {
    if (generation !== this.generation) return;
    this.generation += 1;
    this.queue.length = 0;
    this.worker?.terminate();
    this.worker = null;
    this.host = null;
    const rows = this.current.rows.map((row) => (row.status === 'running' ? waiting(row) : row));
    this.set({ phase: 'lost', busy: null, rows, problem: { kind: 'lost', message } });
  }

  private stopped(generation: number): boolean {
    return this.cancelled || generation !== this.generation;
  }

  private setRow(name: string, change: Partial<CaseRow>): void {
    this.set({ rows: this.current.rows.map((row) => (row.name === name ? { ...row, ...change } : row)) });
  }

  private set(change: Partial<CheckState>): void {
    this.current = { ...this.current, ...change };
    this.changed(this.current);
  }
}

/** A file that did not even reach the engine. */
function failure(name: string, message: string): ConformResult {
  return { name, passed: false, worst: 0, worst_at: '', error: 0, tolerance: 0, message, milliseconds: 0 };
}
