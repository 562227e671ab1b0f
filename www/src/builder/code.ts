/** A network in a link: JSON without what goes without saying, deflated, in the alphabet of URLs. */
import type { ModelSpec } from './api.js';
import { KINDS, meantBy } from './fields.js';

/** A link that says more is no network that somebody made here. */
const MOST_BYTES = 1_000_000;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The same network without fields that stand at their default. */
export function short(spec: ModelSpec): ModelSpec {
  const layers = spec.layers.map(({ name, class: kind, config = {}, connected_to, trainable }) => {
    const fields = KINDS[kind]?.fields ?? [];
    const required = new Set(['filters', 'units', 'kernel_size', 'pool_size', 'rate']);
    const pools = kind.endsWith('Pooling2D');
    const kept = Object.entries(config).filter(([key, value]) => {
      const field = fields.find((known) => known.name === key);
      if (key === 'bias_initializer') return !same(value, { class: 'Zeros' });
      if (field === undefined || required.has(key) || (pools && key === 'strides')) return true;
      if (kind === 'Activation') return true;
      return !same(value, meantBy(field));
    });
    return {
      name,
      class: kind,
      ...(kept.length === 0 ? {} : { config: Object.fromEntries(kept) }),
      connected_to,
      ...(trainable === false ? { trainable } : {}),
    };
  });
  const { version, name, kind, input, outputs, loss_weights } = spec;
  return { version, name, kind, input, layers, outputs, ...(loss_weights === undefined ? {} : { loss_weights }) };
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: GenericTransformStream,
  most: number,
): Promise<Uint8Array> {
  const out = new Blob([bytes]).stream().pipeThrough(stream) as ReadableStream<Uint8Array>;
  const reader = out.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new Error(`The network in the link is larger than ${most} bytes.`);
    }
    parts.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export async function encode(spec: ModelSpec): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(short(spec)));
  const packed = await through(bytes, new CompressionStream('deflate-raw'), MOST_BYTES);
  const text = Array.from(packed, (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

export async function decode(code: string): Promise<ModelSpec> {
  let text: string;
  try {
    const packed = Uint8Array.from(atob(code.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    text = new TextDecoder().decode(await through(packed, new DecompressionStream('deflate-raw'), MOST_BYTES));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The network in the link cannot be read; copy the link again, whole. (${why})`, { cause: error });
  }
  return parse(text);
}

/** A network from JSON. Only its outline is checked here, the rest is the engine's. */
export function parse(text: string): ModelSpec {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`This is not JSON: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
  const { version, input, layers, outputs } = (value ?? {}) as Partial<Record<keyof ModelSpec, unknown>>;
  if (version !== 1) throw new Error(`This is no network of format version 1 (version: ${JSON.stringify(version)}).`);
  const wired = (layer: unknown): boolean => Array.isArray((layer as { connected_to?: unknown } | null)?.connected_to);
  if (
    typeof input !== 'object' ||
    input === null ||
    !Array.isArray(layers) ||
    !layers.every(wired) ||
    !Array.isArray(outputs)
  ) {
    throw new Error('This network lacks its input, its layers with connected_to, or its outputs.');
  }
  return value as ModelSpec;
}
