import type { SavesMessages } from './index.js';

export const ko: SavesMessages = {
  found: (model, step, epoch) => `${model} 실행이 ${step}스텝(${epoch}에포크)에서 멈춰 있습니다`,
  ago: (time) => `${time} 저장됨`,
  justNow: '방금 저장됨',
  others: (names) => `다른 설정: ${names}`,
  resume: (step) => `${step}스텝부터 이어서 하기`,
  away: '발산함',
  all: (count) => `${count}개 모두 보기`,

  title: '저장된 실행',
  about:
    '이 브라우저에서 학습했고 지금은 열려 있지 않은 실행입니다. 가장 오래 학습한 것을 포함해 8개까지 남으며, 이 컴퓨터 밖으로 나가지 않습니다.',
  none: '저장된 다른 실행이 아직 없습니다. 실행은 학습하는 동안, 멈출 때, 한 스텝씩 갈 때마다 저절로 저장되고, 새 실행을 시작하면 여기에 나타납니다.',
  curve: (first, last) => `학습 손실 ${first}에서 ${last}까지`,
  at: (step, epoch) => `${step}스텝, ${epoch}에포크`,
  best: (accuracy) => `최고 검증 정확도 ${accuracy}`,
  noEpoch: '끝난 에포크 없음',
  same: '지금과 같은 설정',
  differs: (name, value, here) => `${name} ${value} (지금은 ${here})`,
  go: '이어서 하기',
  goLabel: (model, step) => `${model} 실행을 ${step}스텝부터 이어서 하기`,
  remove: (model, step) => `${step}스텝의 ${model} 실행 삭제`,
  removeAll: (count) => `${count}개 모두 삭제`,
  sureOne: '정말 삭제할까요?',
  sure: (count) => `${count}개를 모두 삭제할까요? 되돌릴 수 없습니다.`,
  yes: '삭제',
  no: '그대로 두기',
};
