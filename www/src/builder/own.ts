/** In the worker: the full engine, which reads networks given as data. It is loaded when somebody makes one. */
import init, { Engine, type Dataset, type Session, type SessionConfig } from '../../pkg-full/cnn_playground.js';
import type { OptimizerConfig } from '../engine/api.js';
import { UNUSABLE_NET } from '../engine/protocol.js';
import type { ModelSpec, NetworkDescription } from './api.js';
import { decode } from './code.js';
import { forPictures } from './edit.js';

let loaded: Promise<unknown> | null = null;
let opened: Promise<Engine> | null = null;

async function load(): Promise<void> {
  // What could not be loaded may be tried again, here and below.
  loaded ??= init().catch((error: unknown) => {
    loaded = null;
    throw error;
  });
  await loaded;
}

/** A second device, for sessions on own networks. */
export async function fullEngine(): Promise<Engine> {
  await load();
  opened ??= Engine.create().catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

export async function modelSpec(name: string, channels: number, classes: number): Promise<ModelSpec> {
  await load();
  return Engine.modelSpec(name, channels, classes);
}

export async function describe(
  spec: ModelSpec,
  optimizer: OptimizerConfig,
  batch: number,
): Promise<NetworkDescription> {
  await load();
  return Engine.describe(spec, optimizer, batch);
}

/** A session on the network of a link, for the pictures of a data set that lies with the full engine. */
export async function ownSession(net: string, dataset: object, config: SessionConfig): Promise<Session> {
  const engine = await fullEngine();
  const own = dataset as Dataset;
  try {
    const spec = forPictures(await decode(net), own.info().shape);
    return await engine.ownSession(own, spec, config);
  } catch (cause) {
    // Only the name tells the page that it is the network, and not what was to be loaded for it.
    const message = cause instanceof Error ? cause.message : String(cause);
    throw Object.assign(new Error(message, { cause }), { name: UNUSABLE_NET });
  }
}
