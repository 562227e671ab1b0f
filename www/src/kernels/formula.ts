/** Formulae as MathML, from a notation as one writes them by hand:
 *
 *   `y_{n,o} = bias_o + ∑_{i=0}^{399} x_{n,i} · kernel_{i,o}`
 *
 * `_` and `^` lower and raise what follows, braces hold together, `\frac{a}{b}` and `\sqrt{a}` are what they are in TeX, `\hat{x}`
 * puts a hat on, and `\cases{a & b; c & d}` are lines behind a brace. A word is one name. */
import { mathml, type TemplateResult } from 'lit';

export type Formula =
  | { kind: 'name' | 'number' | 'operator'; text: string }
  | { kind: 'row'; parts: Formula[] }
  | { kind: 'script'; base: Formula; below: Formula | null; above: Formula | null }
  | { kind: 'fraction'; above: Formula; below: Formula }
  | { kind: 'root' | 'hat'; inner: Formula }
  | { kind: 'cases'; lines: Formula[][] };

const LEXEME = /\\[a-z]+|[A-Za-z]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?|\S/gu;
const NAME = /^[A-Za-z\p{Script=Greek}]/u;
/** Operators whose bounds stand below and above them. */
const LARGE: readonly string[] = ['∑', 'max', 'argmax'];

class Parser {
  private readonly tokens: string[];
  private at = 0;

  constructor(text: string) {
    this.tokens = text.match(LEXEME) ?? [];
  }

  /** Up to a closing brace, or to one of these. */
  row(ends: readonly string[] = []): Formula {
    const parts: Formula[] = [];
    for (let token = this.tokens[this.at]; token !== undefined; token = this.tokens[this.at]) {
      if (token === '}' || ends.includes(token)) break;
      parts.push(this.scripted());
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'row', parts };
  }

  private next(): string {
    const token = this.tokens[this.at];
    if (token === undefined) throw new Error(`A formula ends too soon: ${this.tokens.join(' ')}`);
    this.at += 1;
    return token;
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at += 1;
    return true;
  }

  private scripted(): Formula {
    const base = this.atom();
    const below = this.take('_') ? this.atom() : null;
    const above = this.take('^') ? this.atom() : null;
    return below === null && above === null ? base : { kind: 'script', base, below, above };
  }

  private atom(): Formula {
    const text = this.next();
    switch (text) {
      case '{': {
        const inner = this.row();
        this.close();
        return inner;
      }
      case '\\frac':
        return { kind: 'fraction', above: this.atom(), below: this.atom() };
      case '\\sqrt':
        return { kind: 'root', inner: this.atom() };
      case '\\hat':
        return { kind: 'hat', inner: this.atom() };
      case '\\cases':
        return this.cases();
      case '-':
        return { kind: 'operator', text: '−' };
    }
    if (/^\d/.test(text)) return { kind: 'number', text };
    return { kind: NAME.test(text) && !LARGE.includes(text) ? 'name' : 'operator', text };
  }

  private cases(): Formula {
    const lines: Formula[][] = [];
    if (!this.take('{')) throw new Error('\\cases is followed by a brace');
    do {
      const line: Formula[] = [];
      do line.push(this.row(['&', ';']));
      while (this.take('&'));
      lines.push(line);
    } while (this.take(';'));
    this.close();
    return { kind: 'cases', lines };
  }

  private close(): void {
    if (this.next() !== '}') throw new Error(`A brace is not closed: ${this.tokens.join(' ')}`);
  }
}

export function parse(text: string): Formula {
  return new Parser(text).row();
}

/** As MathML Core, without `<math>` around it. */
function drawn(formula: Formula): TemplateResult {
  switch (formula.kind) {
    case 'name':
      return mathml`<mi>${formula.text}</mi>`;
    case 'number':
      return mathml`<mn>${formula.text}</mn>`;
    case 'operator':
      return LARGE.includes(formula.text) && formula.text.length > 1
        ? mathml`<mo movablelimits="false" lspace="0" rspace="0.1em">${formula.text}</mo>`
        : '()'.includes(formula.text)
          ? mathml`<mo stretchy="false">${formula.text}</mo>`
          : mathml`<mo>${formula.text}</mo>`;
    case 'row':
      return mathml`<mrow>${formula.parts.map(drawn)}</mrow>`;
    case 'fraction':
      return mathml`<mfrac>${drawn(formula.above)}${drawn(formula.below)}</mfrac>`;
    case 'root':
      return mathml`<msqrt>${drawn(formula.inner)}</msqrt>`;
    case 'hat':
      return mathml`<mover accent="true">${drawn(formula.inner)}<mo stretchy="false">^</mo></mover>`;
    case 'script':
      return script(formula);
    case 'cases':
      return mathml`<mrow><mo class="brace">{</mo><mtable>${formula.lines.map(
        (line) => mathml`<mtr>${line.map((cell) => mathml`<mtd>${drawn(cell)}</mtd>`)}</mtr>`,
      )}</mtable></mrow>`;
  }
}

function script({ base, below, above }: Extract<Formula, { kind: 'script' }>): TemplateResult {
  const large = base.kind === 'operator' && LARGE.includes(base.text);
  if (below !== null && above !== null) {
    return large
      ? mathml`<munderover>${drawn(base)}${drawn(below)}${drawn(above)}</munderover>`
      : mathml`<msubsup>${drawn(base)}${drawn(below)}${drawn(above)}</msubsup>`;
  }
  if (below !== null) {
    return large
      ? mathml`<munder>${drawn(base)}${drawn(below)}</munder>`
      : mathml`<msub>${drawn(base)}${drawn(below)}</msub>`;
  }
  return mathml`<msup>${drawn(base)}${above === null ? '' : drawn(above)}</msup>`;
}

/** What stands inside `<math>`. */
export function written(text: string): TemplateResult {
  return drawn(parse(text));
}
