import type { ProblemMessages } from './index.js';

export const ko: ProblemMessages = {
  startOver: '처음부터',
  startOverAt: (rate: string) => `학습률을 ${rate}로 낮춰 처음부터`,
  goBackSlower: (step: string, rate: string) => `${step}스텝으로 돌아가 학습률 ${rate}로 계속`,
  use: (text: string) => `${text} 쓰기`,
  restart: '엔진 다시 시작',
  errorTraining: '학습이 멈췄습니다.',
  errorSetting: '이 설정으로는 실행할 수 없어 이전 설정을 유지합니다.',
  errorEngine: '엔진을 시작하지 못했습니다.',
  errorLost:
    'GPU를 쓸 수 없게 되었습니다. 드라이버가 다시 시작되었거나, 절전 모드였거나, 다른 페이지가 GPU를 모두 썼습니다.',
  errorCrashed: '엔진 내부 오류로 엔진이 멈췄습니다.',
  errorUnsaved: '이 브라우저에 실행을 저장하지 못하고 있습니다. 학습은 계속됩니다.',
  errorLostAdvice: '엔진을 다시 시작하세요. 설정은 그대로이고, 시드부터 다시 학습합니다.',
};
