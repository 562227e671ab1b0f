/** Which blocks of a network are folded. It is remembered by the network's name while the page lives, for the next one to begin with:
 * what is on the page keeps its own, so that two playgrounds do not fold each other's blocks. */
import { blocksOf, fold, type Block, type Wired } from './blocks.js';

/** A network of more layers begins with its blocks folded: it fits on the screen then. */
const MANY = 40;

const remembered = new Map<string, ReadonlyMap<string, boolean>>();

export class Folding {
  readonly blocks: readonly Block[];
  private readonly kept: Map<string, boolean>;

  /** `before` is the same network under another name, if it has the same blocks. */
  constructor(
    private readonly network: Wired & { name: string },
    before: Folding | null = null,
  ) {
    this.blocks = blocksOf(network);
    const known = before?.network.name === network.name ? before.kept : remembered.get(network.name);
    const isLarge = network.layers.length > MANY;
    const isRenamed = before !== null && exits(before) === exits(this);
    // Blocks that are made later are seen as they are made.
    this.kept = new Map(
      known ?? this.blocks.map(({ exit }) => [exit, isRenamed ? before.kept.get(exit) === true : isLarge]),
    );
    if (known === undefined) this.remember();
  }

  isFolded({ exit }: Block): boolean {
    return this.kept.get(exit) ?? false;
  }

  get folded(): Block[] {
    return this.blocks.filter((block) => this.isFolded(block));
  }

  set(block: Block, folded: boolean): void {
    this.kept.set(block.exit, folded);
    this.remember();
  }

  setAll(folded: boolean): void {
    for (const block of this.blocks) this.set(block, folded);
  }

  /** The network as it is shown. */
  show<N extends Wired>(network: N): N {
    return fold(network, this.folded);
  }

  /** The folded block that stands for a layer. */
  around(layer: string): Block | undefined {
    return this.folded.find(({ layers }) => layers.includes(layer));
  }

  /** The folded block of a card. */
  at(card: string): Block | undefined {
    return this.folded.find(({ exit }) => exit === card);
  }

  /** The card on which a layer is seen. */
  cardOf(layer: string): string {
    return this.around(layer)?.exit ?? layer;
  }

  isOf(network: Wired): boolean {
    return network === this.network;
  }

  private remember(): void {
    remembered.set(this.network.name, new Map(this.kept));
  }
}

const exits = ({ blocks }: Folding): string => blocks.map(({ exit }) => exit).join();
