import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../components/icon.js';
import { ownSet, stem, type DatasetName } from '../engine/datasets.js';
import { download } from '../lib/download.js';
import { whole } from '../saves/offer-text.js';
import type { OwnDataMessages } from './i18n/index.js';
import { bytesOf, type StoredSet } from './store.js';

export interface Handling {
  /** The data set that is open, and the one whose deletion is asked about. */
  open: DatasetName;
  asks: DatasetName;
  question: (name: DatasetName, title: string) => TemplateResult;
  trash: TemplateResult;
  onOpen: (set: StoredSet) => void;
  onAsk: (name: DatasetName) => void;
  onFailure: (work: () => Promise<void>) => void;
}

/** The sets that lie in this browser. */
export function storedSets(m: OwnDataMessages, sets: readonly StoredSet[], of: Handling): TemplateResult {
  return html`<h3>${m.stored}</h3>
    <ul class="stored">
      ${sets.map((set) => entry(m, set, of))}
    </ul>
    <p class="about">${m.saveHint(fileName(stem(sets[0]?.name ?? '')))}</p>`;
}

/** A name that an address may have as it is. */
const fileName = (title: string): string => `${title.replace(/[^\p{L}\p{N}._-]+/gu, '-')}.safetensors`;

function entry(m: OwnDataMessages, set: StoredSet, of: Handling): TemplateResult {
  const { name, count, bytes } = set;
  const { title = stem(name), shape = [], classes = 0 } = ownSet(name) ?? {};
  const size = (bytes / 2 ** 20).toFixed(1);
  return html`<li>
    <div>
      <div class="name">${title} ${name === of.open ? html`<small>· ${m.isOpen}</small>` : nothing}</div>
      <div class="facts number">${m.storedFacts(whole(count), whole(classes), shape.join('×'), size)}</div>
    </div>
    <div class="actions">${of.asks === name ? of.question(name, title) : choices(m, set, title, of)}</div>
  </li>`;
}

function choices(m: OwnDataMessages, set: StoredSet, title: string, of: Handling): TemplateResult {
  const { name } = set;
  const save = async (): Promise<void> => {
    download(fileName(title), await bytesOf(name), 'application/octet-stream');
  };
  const isOpen = name === of.open;
  const removal = isOpen ? m.removeOpen : m.remove(title);
  return html`<button
      class="button"
      ?disabled=${isOpen}
      aria-label=${m.openLabel(title)}
      @click=${() => of.onOpen(set)}
    >
      ${m.open}
    </button>
    <button
      class="button square quiet"
      aria-label=${m.saveLabel(title)}
      title=${m.save}
      @click=${() => of.onFailure(save)}
    >
      ${icon('save')}
    </button>
    <button
      class="button square quiet"
      ?disabled=${isOpen}
      aria-label=${m.remove(title)}
      title=${removal}
      data-asks=${name}
      @click=${() => of.onAsk(name)}
    >
      ${of.trash}
    </button>`;
}
