import type { FoldingMessages } from './index.js';

/** 블록 접기의 한국어. */
export const ko: FoldingMessages = {
  blocks: '신경망의 블록',
  residual: (number) => `잔차 ${number}`,
  inception: (number) => `인셉션 ${number}`,
  branches: (number) => `가지 ${number}`,
  layers: (count) => `${count}개 층`,
  fold: (name) => `${name} 블록을 카드 하나로 접기`,
  unfold: (name, layers) => `${name} 블록 펼치기: ${layers}`,
  foldAll: '블록 접기',
  unfoldAll: '블록 펼치기',
};
