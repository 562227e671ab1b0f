import type { KernelMessages } from './index.js';

/** 커널 보기의 한국어. */
export const ko: KernelMessages = {
  equations: '수식',
  equationNotes: {
    below: '이 커널은 끝에서 dx에 x를 낸 활성화 함수의 도함수를 곱하므로, 그 값은 아래 층의 dz가 됩니다',
    gradient: 'dx는 ∂손실/∂x, 다른 것도 마찬가지',
    outside: '그림 밖은 0으로 셈',
    whole: '나누어떨어지는 곳에서만',
    log: '손실은 로짓에서 바로 구하므로 학습할 때 소프트맥스를 따로 계산하지 않음',
    view: '같은 메모리를 다른 모양으로 볼 뿐',
  },
  noBackward: '역전파 때 이 층이 돌리는 셰이더는 없음',
  marks: {
    sum: '곱해서 더하기: ∑',
    store: '결과 쓰기',
    branch: '쓰이는 활성화 함수',
    said: '핵심이 되는 줄',
  },

  passForward: '순전파',
  passBackward: '역전파',
  passData: '데이터',
  passUpdate: '갱신',
  passMetrics: '지표',
  noDispatches: '이 층은 셰이더를 실행하지 않습니다. 모양의 이름만 바꿉니다.',
  workgroups: '작업 그룹',
  workgroupSize: '그룹당 스레드',
  threads: '전체 스레드',
  constants: '상수',
  buffers: '버퍼',
  source: (file) => `${file} 소스`,
};
