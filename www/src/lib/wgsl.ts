/** Light highlighting of WGSL: comments, keywords, types, attributes, numbers, calls. */

export type TokenKind = 'comment' | 'keyword' | 'type' | 'attribute' | 'number' | 'call' | 'plain';

export interface Token {
  kind: TokenKind;
  text: string;
}

const KEYWORDS = new Set(
  (
    'alias break case const const_assert continue continuing default diagnostic discard else enable fn for if let loop ' +
    'override requires return struct switch var while true false'
  ).split(' '),
);

const TYPE =
  /^(?:bool|[iuf]32|f16|atomic|array|ptr|sampler|vec[234][iufh]?|mat[234]x[234][fh]?|texture_\w+|workgroup|storage|uniform|function|private|read|write|read_write)$/;

const LEXEME =
  /(\/\/[^\n]*|\/\*[^]*?\*\/)|(@\w+)|((?:0[xX][0-9a-fA-F]+|(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?)[iufh]?)|([A-Za-z_]\w*)|([^A-Za-z_0-9@/.]+|[^])/g;

function classify(word: string, next: string): TokenKind {
  if (KEYWORDS.has(word)) return 'keyword';
  if (TYPE.test(word)) return 'type';
  return next === '(' ? 'call' : 'plain';
}

/** The source as lines of tokens; neighbours of one kind are joined. */
export function tokenise(source: string): Token[][] {
  const lines: Token[][] = [[]];
  const add = (kind: TokenKind, text: string): void => {
    text.split('\n').forEach((part, index) => {
      if (index > 0) lines.push([]);
      const line = lines[lines.length - 1];
      if (line === undefined || part === '') return;
      const last = line[line.length - 1];
      if (last?.kind === kind) last.text += part;
      else line.push({ kind, text: part });
    });
  };
  for (const match of source.matchAll(LEXEME)) {
    const [text, comment, attribute, number, word] = match;
    if (comment !== undefined) add('comment', comment);
    else if (attribute !== undefined) add('attribute', attribute);
    else if (number !== undefined) add('number', number);
    else if (word !== undefined) add(classify(word, source[match.index + word.length] ?? ''), word);
    else add('plain', text);
  }
  if (lines[lines.length - 1]?.length === 0) lines.pop();
  return lines;
}
