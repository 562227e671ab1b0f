import type { ChartMessages } from './index.js';

/** 곡선의 한국어. */
export const ko: ChartMessages = {
  seriesTrain: '학습(평활)',
  seriesValidation: '검증',
  chartEmpty: '학습을 시작하면 곡선이 자랍니다.',
  chartLabel: (name, step, train, validation) => `${step} 스텝의 ${name}: 학습(평활) ${train}, 검증 ${validation}`,
  rateChanged: (step, from, rate) => `${step} 스텝부터 학습률 ${from}\u00a0→\u00a0${rate}`,
};
