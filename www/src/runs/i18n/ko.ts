import type { RunsMessages } from './index.js';

export const ko: RunsMessages = {
  title: '비교 중인 실행과 검증 데이터의 손실·정확도',
  run: '실행',
  now: '현재 실행',
  same: '설정 같음',
  epoch: '에포크',
  loss: '손실',
  accuracy: '정확도',
  remove: (name) => `비교에서 빼기: ${name}`,
};
