/** Finds the terms in a text. */
import type { Language } from '../i18n/languages.js';
import { TERMS, type Term } from './terms.js';

export interface Piece {
  text: string;
  /** The text sets it off as a term. */
  strong: boolean;
  /** Absent for plain words, and for later mentions. */
  term?: Term;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function formsOf(term: Term, language: Language): string[] {
  const { word, forms = [] } = term[language];
  const all = [word, ...forms];
  return language === 'en' ? all.flatMap((form) => [form, `${form}s`]) : all;
}

const normal = (text: string): string => text.toLowerCase();

interface Index {
  byForm: ReadonlyMap<string, Term>;
  pattern: RegExp;
}

const indexes = new Map<Language, Index>();

function indexOf(language: Language): Index {
  const known = indexes.get(language);
  if (known !== undefined) return known;
  const pairs = TERMS.flatMap((term) => formsOf(term, language).map((form) => [normal(form), term] as const));
  // The longest first: a feature map is more than a feature. Korean words take particles at their end.
  const found = pairs
    .filter(([, { marked }]) => marked === undefined)
    .map(([form]) => escaped(form))
    .sort((a, b) => b.length - a.length);
  const end = language === 'en' ? '(?![\\p{L}\\p{N}])' : '(?![a-zA-Z])';
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}-])(?:${found.join('|')})${end}`, 'giu');
  const index = { byForm: new Map(pairs), pattern };
  indexes.set(language, index);
  return index;
}

export function termOf(text: string, language: Language): Term | undefined {
  return indexOf(language).byForm.get(normal(text));
}

/** The texts in pieces, the first mention of every term with the term. Words between asterisks are set off. */
export function linkTerms(texts: readonly string[], language: Language): Piece[][] {
  const seen = new Set<string>();
  const first = (term: Term | undefined): { term: Term } | null => {
    if (term === undefined || seen.has(term.id)) return null;
    seen.add(term.id);
    return { term };
  };
  return texts.map((text) =>
    text.split('*').flatMap((part, at): Piece[] => {
      if (at % 2 === 1) return [{ text: part, strong: true, ...first(termOf(part, language)) }];
      return plain(part, language, first);
    }),
  );
}

function plain(text: string, language: Language, first: (term: Term | undefined) => { term: Term } | null): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const { 0: word, index } of text.matchAll(indexOf(language).pattern)) {
    const mention = first(termOf(word, language));
    if (mention === null) continue;
    if (index > done) pieces.push({ text: text.slice(done, index), strong: false });
    pieces.push({ text: word, strong: false, ...mention });
    done = index + word.length;
  }
  if (done < text.length) pieces.push({ text: text.slice(done), strong: false });
  return pieces;
}
