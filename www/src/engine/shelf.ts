/** In the worker: the data sets that lie with an engine. */
import type { Dataset, Engine } from './api.js';
import { entryOf, HALVES, isBuiltIn, SHAPES, type BuiltInName, type DatasetName } from './datasets.js';

/** Beside the built worker's folder lies the data folder; the dev server serves both from its root. */
const DATA_FOLDER = import.meta.env.DEV ? '/data/' : '../data/';

interface Place {
  loading: Promise<Dataset>;
  /** Runs that use it. */
  users: number;
}

export class Shelf {
  private readonly places = new Map<DatasetName, Place>();

  constructor(private readonly engine: Pick<Engine, 'digits' | 'shapes'>) {}

  /** A set for one more run. A built-in one is loaded once for all runs to come. */
  async take(name: DatasetName): Promise<Dataset> {
    const place = this.places.get(name) ?? { loading: this.load(name), users: 0 };
    this.places.set(name, place);
    place.users += 1;
    try {
      return await place.loading;
    } catch (error) {
      // A failed download may be tried again.
      if (this.places.get(name) === place) this.places.delete(name);
      throw error;
    }
  }

  /** A run no longer uses it. Pictures of one's own, which may be many, leave with the last. */
  give(name: DatasetName): void {
    const place = this.places.get(name);
    if (place === undefined) return;
    place.users -= 1;
    if (place.users > 0 || isBuiltIn(name)) return;
    this.places.delete(name);
    void place.loading.then((dataset) => dataset.free());
  }

  private async load(name: DatasetName): Promise<Dataset> {
    // The full engine's sets do the same as this one's.
    if (!isBuiltIn(name)) return (await (await import('../own-data/open.js')).openPictures(name)) as Dataset;
    const dataset =
      name === 'shapes' ? this.engine.shapes(SHAPES.count, SHAPES.seed) : await loadDigits(this.engine, name);
    const { shape } = dataset.info();
    const expected = entryOf(name).shape ?? [];
    if (shape.join() !== expected.join()) {
      throw new Error(`Data set "${name}" has shape ${shape.join('×')}, the page expected ${expected.join('×')}.`);
    }
    return dataset;
  }
}

async function loadDigits(engine: Pick<Engine, 'digits'>, name: Exclude<BuiltInName, 'shapes'>): Promise<Dataset> {
  const url = new URL(`${DATA_FOLDER}digits.safetensors`, self.location.href);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname} could not be loaded: HTTP ${response.status}.`);
  const file = new Uint8Array(await response.arrayBuffer());
  if (name === 'digits') return engine.digits(file);
  const { half } = await import('../transfer/safetensors.js');
  return engine.digits(half(file, HALVES[name]));
}
