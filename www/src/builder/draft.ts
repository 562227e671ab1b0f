/** A network being edited: its past and future, and what the engine says of it. */
import type { ModelSpec, NetworkDescription } from './api.js';
import { forPictures, type Edited } from './edit.js';

export interface Fault {
  message: string;
  /** The layer that it is about; empty for the whole network. */
  layer: string;
}

/** As many edits can be undone. */
const MEMORY = 200;
/** Edits of one field that follow each other this fast are one: typing `128` is not three edits. */
const TYPING_MS = 1500;

export class Draft {
  private past: Edited[] = [];
  private future: Edited[] = [];
  private lastKey = '';
  private lastTime = 0;

  constructor(private present: Edited) {}

  get spec(): ModelSpec {
    return this.present.spec;
  }

  get chosen(): string {
    return this.present.chosen;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  /** `key` names the field that is typed into, if it is one. */
  edit(next: Edited, key = '', now = performance.now()): void {
    const typing = key !== '' && key === this.lastKey && now - this.lastTime < TYPING_MS;
    if (!typing) this.past = [...this.past, this.present].slice(-MEMORY);
    this.future = [];
    this.present = next;
    this.lastKey = key;
    this.lastTime = now;
  }

  /** Another data set was chosen: past and future take its pictures too. */
  fit(shape: readonly number[]): void {
    const fitted = ({ spec, chosen }: Edited): Edited => ({ spec: forPictures(spec, shape), chosen });
    this.past = this.past.map(fitted);
    this.future = this.future.map(fitted);
    this.present = fitted(this.present);
    this.lastKey = '';
  }

  choose(layer: string): void {
    this.present = { ...this.present, chosen: layer };
    this.lastKey = '';
  }

  undo(): void {
    const before = this.past.pop();
    if (before === undefined) return;
    this.future.push(this.present);
    this.present = before;
    this.lastKey = '';
  }

  redo(): void {
    const after = this.future.pop();
    if (after === undefined) return;
    this.past.push(this.present);
    this.present = after;
    this.lastKey = '';
  }
}

/** The engine's message without the layer's name, and that name: `Conv2D "conv2d_1": window …`. */
export function faultOf(error: unknown, spec: ModelSpec): Fault {
  const text = error instanceof Error ? error.message : String(error);
  const [, name = '', rest = ''] = /\b\w+ "([^"]+)": (.*)$/s.exec(text) ?? [];
  const known = spec.layers.some((layer) => layer.name === name);
  return known ? { layer: name, message: rest } : { layer: '', message: text };
}

/** Output that has not one value a class. */
export function misfit(description: NetworkDescription, classes: number): { layer: string; shape: number[] } | null {
  const { outputs, layers } = description.network;
  const wrong = layers.find(
    ({ name, output_shape }) => outputs.includes(name) && (output_shape.length !== 1 || output_shape[0] !== classes),
  );
  return wrong === undefined ? null : { layer: wrong.name, shape: wrong.output_shape };
}
