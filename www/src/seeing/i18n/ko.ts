import type { SeeingMessages } from './index.js';

/** 설명과 해부 탭의 한국어. */
export const ko: SeeingMessages = {
  classOf: '클래스',
  predicted: (name) => `예측 (${name})`,
  predictedNow: '예측',
  failed: '엔진이 답하지 못했습니다:',

  cam: 'Grad-CAM',
  camHint: (layer) =>
    `${layer}의 어느 자리가 이 클래스를 뒷받침하는지 봅니다. 맵마다 클래스 로짓의 기울기 평균을 가중치로 곱해 더하고, 0보다 큰 것만 남깁니다.`,
  camElsewhere: (layer) => `고른 층에는 맵이 없어 ${layer}에서 봅니다.`,
  camNone: '이 신경망에는 맵이 있는 층이 없습니다.',
  camLabel: (name, place, logit) => `클래스 ${name}의 Grad-CAM: ${place}에서 가장 강함, 로짓 ${logit}`,
  camCold: '이 클래스를 뒷받침하는 자리가 없습니다',
  logit: (value) => `로짓 ${value}`,

  occlusion: '가려 보기',
  occlusionHint: '회색 조각을 그림 위에서 움직입니다. 가렸을 때 확률이 많이 떨어지는 자리일수록 밝습니다.',
  occlusionLabel: (name, place, drop) => `클래스 ${name}의 가려 보기: ${place}에서 ${drop}로 가장 많이 떨어짐`,
  occlusionBase: (share, drop) => `가리지 않으면 ${share}, 최대 감소 ${drop}`,
  patch: '조각',
  pixels: (count) => `${count}픽셀`,
  slide: '가려 보기 시작',
  slideAgain: '다시 가려 보기',
  stop: '멈춤',
  progress: (done, all) => `${all}곳 중 ${done}곳`,

  dream: '활성화 최대화',
  dreamHint:
    '회색 잡음에서 출발해 신경망의 값 하나가 커지는 기울기 쪽으로 픽셀을 옮깁니다. 회색으로 당기는 힘과 약한 흐림을 함께 씁니다.',
  dreamOf: '최대화할 값',
  dreamClass: '클래스',
  dreamMap: (layer) => `${layer}의 맵`,
  map: '맵',
  dreamLabel: (name, step, value) => `${name}을(를) 최대화하는 그림: ${step} 스텝, 값 ${value}`,
  dreamMapName: (layer, map) => `${layer}의 맵 ${map}`,
  dreamStep: (step, value) => `${step} 스텝 · 값 ${value}`,
  start: '시작',
  goOn: '이어서',
  restart: '처음부터',

  place: (row, column) => `${row}행 ${column}열 근처`,
  heatAt: (row, column, value) => `(${row}, ${column}): ${value}`,
};
