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

  dissectNone: '이 신경망에는 가지를 합치는 층도 배치 정규화도 없습니다.',
  dissectChoose: '해부해 볼 수 있는 층:',
  branches: (layer) => `${layer}에서 합쳐지는 가지`,
  terms: (layer) => `${layer}에서 더하는 것`,
  branch: '켜짐',
  channels: '채널',
  parameters: '파라미터',
  macs: 'MAC',
  skip: (end) => `${end}의 스킵 연결`,
  nothingOff: '모두 켜져 있습니다.',
  saved: (params, paramsShare, macs, macsShare) =>
    `파라미터 ${params}개(${paramsShare})와 MAC ${macs}(${macsShare})를 아낍니다.`,
  branchesHint:
    '끈 가지는 여기서만 0으로 칩니다. 학습은 모든 가지로 계속됩니다. 비용은 그 가지에만 필요한 층의 합입니다.',
  answer: '이 그림에 대한 답',
  answerWithout: '끈 가지 없이 낸 답',
  moved: (name, before, after) => `${name}의 확률: ${before} → ${after}`,
  measureAll: '검증 그림 전체로 재기',
  measuring: '재는 중…',
  score: (samples, before, after) => `그림 ${samples}장의 정확도: ${before} → ${after}`,

  movingLegend: '이동 통계: 추론에서 쓰는 값',
  batchLegend: '마지막 배치의 통계: 학습에서 쓰는 값',
  noBatch: '아직 배치가 없습니다. 한 스텝 학습해 보세요.',
  atStep: (step) => `${step} 스텝`,
  mean: '채널별 평균 μ',
  deviation: '채널별 표준편차 σ',
  range: (low, high) => `${low} … ${high}`,
  channelName: (channel) => `채널 ${channel}`,
  channelShort: '번호',
  movingShort: '이동',
  batchShort: '배치',
  outMoving: '이동 통계로 내는 값:',
  outBatch: '배치 통계로 내는 값:',
  normHint: (momentum) =>
    `y = γ · (x − μ) / √(σ² + ε) + β. 매 스텝 이동 통계는 이전 값의 ${momentum}만큼을 남기고 나머지를 배치에서 받아들입니다. 한 채널의 두 점이 떨어져 있는 동안에는 학습과 추론이 서로 다른 신경망을 봅니다.`,
};
