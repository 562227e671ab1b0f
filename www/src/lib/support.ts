import type { UnsupportedReason } from '../engine/protocol.js';

/** Why there can be no engine, as far as the page can tell without starting a worker. The limits are the engine's to
 * judge. */
export async function missingSupport(): Promise<UnsupportedReason | null> {
  if (!globalThis.isSecureContext) return 'insecure';
  const gpu = (navigator as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu;
  if (gpu === undefined) return 'no-webgpu';
  const adapter = await gpu.requestAdapter().catch(() => null);
  return adapter === null ? 'no-adapter' : null;
}
