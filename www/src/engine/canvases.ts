/** The canvases that show a run. */
import type { Session, View, ViewLayout, ViewOptions } from './api.js';

/** What the page asks for: the engine's options, and whether gradients are shown in place of values. */
export interface PaintOptions extends ViewOptions {
  gradient?: true;
}

/** Looks back from an answer, for the canvases that show gradients. */
export interface Gradients {
  /** Before every painting. */
  look(): Promise<void>;
  createView(canvas: OffscreenCanvas, options: ViewOptions): View;
}

interface Shown {
  canvas: OffscreenCanvas;
  options: PaintOptions;
  width: number;
  height: number;
  /** Absent while the canvas is out of sight. */
  view: View | null;
}

/** What is undefined, the engine does not see. */
const plain = (options: PaintOptions): ViewOptions => ({ ...options, gradient: undefined }) as ViewOptions;

export class Canvases {
  private readonly shown = new Map<number, Shown>();
  gradients: Gradients | null = null;

  constructor(
    private readonly session: Session,
    /** Somebody wants to see something else. */
    readonly changed: () => void,
  ) {}

  add(id: number, canvas: OffscreenCanvas, options: PaintOptions): ViewLayout {
    const view = this.make(canvas, options);
    this.shown.set(id, { canvas, options, width: canvas.width, height: canvas.height, view });
    this.changed();
    return view.layout();
  }

  set(id: number, options: PaintOptions, width: number, height: number): ViewLayout | null {
    const shown = this.shown.get(id);
    if (shown === undefined) return null;
    shown.options = options;
    if (shown.width !== width || shown.height !== height) {
      shown.width = width;
      shown.height = height;
      shown.view?.resize(width, height);
    }
    this.changed();
    return shown.view?.set(plain(options)) ?? null;
  }

  /** A canvas out of sight costs nothing: its view goes, the canvas stays for later, when it may have another layout. */
  show(id: number, visible: boolean): ViewLayout | null {
    const shown = this.shown.get(id);
    if (shown === undefined || visible === (shown.view !== null)) return null;
    if (visible) {
      shown.canvas.width = shown.width;
      shown.canvas.height = shown.height;
      shown.view = this.make(shown.canvas, shown.options);
      this.changed();
    } else {
      shown.view?.free();
      shown.view = null;
    }
    return shown.view?.layout() ?? null;
  }

  remove(id: number): void {
    this.shown.get(id)?.view?.free();
    this.shown.delete(id);
  }

  close(): void {
    for (const id of [...this.shown.keys()]) this.remove(id);
  }

  private make(canvas: OffscreenCanvas, options: PaintOptions): View {
    if (options.gradient === undefined) return this.session.createView(canvas, options);
    if (this.gradients === null) throw new Error('Nobody looks back.');
    return this.gradients.createView(canvas, plain(options));
  }
}
