/** What the check page's worker offers: the full engine, one file or one layer at a time. */
import init, { Engine } from '../../pkg-full/cnn_playground.js';
import type { UnsupportedReason } from '../engine/protocol.js';
import type { ConformResult, GradientCheck, GradientLayer, GradientResult } from './api.js';
import type { CheckStart } from './protocol.js';

/** Beside the built worker's folder lies the data folder; the dev server serves both from its root. */
const DATA_FOLDER = import.meta.env.DEV ? '/data/' : '../data/';

const REASONS: readonly string[] = ['no-webgpu', 'no-adapter', 'limits'] satisfies UnsupportedReason[];

export class CheckHost {
  private engine: Engine | null = null;
  private gradient: GradientCheck | null = null;
  private digits: Promise<void> | null = null;

  async start(): Promise<CheckStart> {
    try {
      await init();
      const engine = await Engine.create();
      this.engine = engine;
      return { ok: true, adapter: engine.adapter(), models: engine.models(), version: engine.version() };
    } catch (error) {
      const code = (error as { code?: unknown } | null)?.code;
      const reason = REASONS.find((known) => known === code) as UnsupportedReason | undefined;
      return { ok: false, reason: reason ?? 'failed', message: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Resolves with the engine's words when the device is lost. */
  lost(): Promise<string> {
    return this.ready().lost();
  }

  /** Proves one reference file. */
  async conform(bytes: Uint8Array, name: string): Promise<ConformResult> {
    // Training runs are JSON, and some of them learn the digits.
    if (bytes[0] === 0x7b) await (this.digits ??= this.loadDigits());
    return this.ready().conform(bytes, name);
  }

  /** Prepares a network; what follows goes layer by layer, so that it can be watched and cancelled. */
  async openGradient(model: string, seed: number): Promise<GradientLayer[]> {
    this.closeGradient();
    this.gradient = await this.ready().gradientCheck({ model, seed });
    return this.gradient.layers();
  }

  checkLayer(index: number): Promise<GradientResult> {
    if (this.gradient === null) throw new Error('No gradient check is open.');
    return this.gradient.check(index);
  }

  closeGradient(): void {
    this.gradient?.free();
    this.gradient = null;
  }

  private ready(): Engine {
    if (this.engine === null) throw new Error('The engine has not started.');
    return this.engine;
  }

  private async loadDigits(): Promise<void> {
    const response = await fetch(new URL(`${DATA_FOLDER}digits.safetensors`, self.location.href));
    // Without them the engine says what it misses.
    if (response.ok)
      this.ready()
        .digits(new Uint8Array(await response.arrayBuffer()))
        .free();
  }
}
