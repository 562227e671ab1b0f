import type { GlossaryMessages } from './index.js';

/** 용어집의 한국어. */
export const ko: GlossaryMessages = {
  title: '용어집',
  intro: (count) => `합성곱 신경망의 용어 ${count}개를 한국어와 영어로 모았습니다.`,
  search: '한국어나 영어로 찾기',
  none: '그런 용어가 없습니다.',
};
