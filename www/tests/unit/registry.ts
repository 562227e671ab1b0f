/** The registry's networks as the built engine gives them. */
import { readFileSync } from 'node:fs';
import type { ModelSpec } from '../../src/builder/api.js';
import { Engine, initSync } from '../../pkg-full/cnn_playground.js';

initSync({ module: readFileSync(new URL('../../pkg-full/cnn_playground_bg.wasm', import.meta.url)) });

export function registered(name: string, classes = 10): ModelSpec {
  return Engine.modelSpec(name, 3, classes);
}

/** Their names, of which the engine tells who asks for another. */
export function registry(): string[] {
  try {
    registered('none');
  } catch (error) {
    const [, names = ''] = /known are (.*)$/.exec(String(error)) ?? [];
    return names.split(', ');
  }
  return [];
}
