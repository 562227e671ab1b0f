import * as Comlink from 'comlink';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** A worker whose host does what the tests need of it. */
class FakeWorker extends EventTarget {
  static made: FakeWorker[] = [];
  terminated = false;
  private readonly port: MessagePort;

  constructor() {
    super();
    FakeWorker.made.push(this);
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    const host = { start: () => ({ ok: true, adapter: {}, models: [] }), lost: () => new Promise(() => undefined) };
    Comlink.expose(host, port2);
    port1.onmessage = ({ data }: MessageEvent<unknown>) => this.dispatchEvent(new MessageEvent('message', { data }));
  }

  postMessage(message: unknown, transfer: Transferable[]): void {
    this.port.postMessage(message, transfer);
  }

  terminate(): void {
    this.terminated = true;
    this.port.close();
  }
}

beforeEach(() => {
  vi.resetModules();
  FakeWorker.made = [];
  vi.stubGlobal('Worker', FakeWorker);
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.resolve({}) } });
});
afterEach(() => void vi.unstubAllGlobals());

describe('the shared engine', () => {
  it('is one until it is discarded, and only the discarded one goes', async () => {
    const { discardEngine, sharedEngine } = await import('../../src/engine/client.js');
    const first = await sharedEngine();
    expect(await sharedEngine()).toBe(first);
    discardEngine(first);
    const second = await sharedEngine();
    expect(second).not.toBe(first);
    // A second playground learns late that the first engine is broken.
    discardEngine(first);
    expect(await sharedEngine()).toBe(second);
    expect(FakeWorker.made.map(({ terminated }) => terminated)).toEqual([true, false]);
    discardEngine(second);
  });

  it('is lost when its worker dies, with the reason', async () => {
    const { discardEngine, sharedEngine } = await import('../../src/engine/client.js');
    const engine = await sharedEngine();
    expect(engine.start.ok).toBe(true);
    const error = Object.assign(new Event('error'), { message: 'Uncaught Error: panicked at src/x.rs:1: no' });
    FakeWorker.made[0]?.dispatchEvent(error);
    expect(await engine.lost).toEqual({ kind: 'crashed', message: error.message });
    discardEngine(engine);
  });

  it('can be asked for again where there was no WebGPU', async () => {
    const { discardEngine, sharedEngine } = await import('../../src/engine/client.js');
    vi.stubGlobal('navigator', {});
    const none = await sharedEngine();
    expect(none.start).toMatchObject({ ok: false, reason: 'no-webgpu' });
    discardEngine(none);
    vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.resolve({}) } });
    const engine = await sharedEngine();
    expect(engine.start.ok).toBe(true);
    discardEngine(engine);
  });
});
