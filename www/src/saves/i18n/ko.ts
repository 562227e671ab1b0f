import type { SavesMessages } from './index.js';

export const ko: SavesMessages = {
  found: (model, step, epoch) => `${model} 실행이 ${step}스텝(${epoch}에포크)에서 멈춰 있습니다`,
  ago: (time) => `${time} 저장됨`,
  others: (names) => `다른 설정: ${names}`,
  resume: (step) => `${step}스텝부터 이어서 하기`,
  discard: '지우기',
};
