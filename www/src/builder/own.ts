/** In the worker: the full engine, which reads networks given as data. It is loaded when somebody makes one. */
import init, { Engine, type Dataset, type Session } from '../../pkg-full/cnn_playground.js';
import type { DatasetInfo, OptimizerConfig } from '../engine/api.js';
import {
  UNUSABLE_NET,
  sessionConfig,
  type CostQuestion,
  type RunConfig,
  type RunDescription,
} from '../engine/protocol.js';
import type { CostInfo, ModelSpec, NetworkDescription } from './api.js';
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

export async function inspect(title: string, file: Uint8Array): Promise<DatasetInfo> {
  const engine = await fullEngine();
  const dataset = engine.pictures(title, file);
  try {
    return dataset.info();
  } finally {
    dataset.free();
  }
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

/** A session on the network of a link, or on one of the registry with frozen layers or given weights, for the pictures of a data
 * set that lies with the full engine. */
export async function ownSession(
  config: RunConfig,
  dataset: object,
): Promise<{ session: Session; loaded: RunDescription['loaded'] }> {
  const engine = await fullEngine();
  const own = dataset as Dataset;
  const { shape, classes } = own.info();
  const { first } = config;
  const session = await unlessUnusable(config.net, async () => {
    const spec = await specOf({ ...config, shape, classes: classes.length });
    return engine.ownSession(own, spec, sessionConfig(config));
  });
  try {
    if (first === null) return { session, loaded: null };
    return { session, loaded: { ...session.loadWeights(first.bytes, first.replaceHead), name: first.name } };
  } catch (error) {
    session.free();
    throw error;
  }
}

/** What training would cost on this adapter, before anything is allocated. */
export async function cost(question: CostQuestion): Promise<CostInfo> {
  const engine = await fullEngine();
  return engine.cost(await specOf(question), question.optimizer, question.batch);
}

/** The network as data, with its frozen layers. */
export async function specOf(question: Omit<CostQuestion, 'optimizer' | 'batch'>): Promise<ModelSpec> {
  const { net, model, shape, classes, freeze_all_but: last } = question;
  const spec = net === '' ? Engine.modelSpec(model, shape?.[2] ?? 3, classes) : await decode(net);
  const fitting = shape === null ? spec : forPictures(spec, shape);
  return last === null ? fitting : Engine.freezeAllBut(fitting, last);
}

/** Only the name tells the page that it is the link's network, and not what was to be loaded for it. */
async function unlessUnusable<T>(net: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (net === '') throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw Object.assign(new Error(message, { cause }), { name: UNUSABLE_NET });
  }
}
