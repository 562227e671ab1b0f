import type { PicturesMessages } from './index.js';

export const ko: PicturesMessages = {
  choose: '사진 고르기',
  drop: '여기에 끌어다 놓거나 붙여넣어도(Ctrl+V) 됩니다. 사진은 이 컴퓨터를 벗어나지 않습니다.',
  steps: '신경망에 들어가기까지',
  original: (size) => `원본, ${size}`,
  framed: (size) => `${size} 픽셀`,
  seen: '입력값',
  framing: '크기 맞추기',
  framings: { crop: '가운데 잘라내기', stretch: '늘이기' },
  order: '채널 순서',
  grey: '채널 하나: 회색 = 0.299 R + 0.587 G + 0.114 B',
  scaling: '값',
  scalings: {
    unit: '바이트 ÷ 255',
    signed: '바이트 ÷ 127.5 − 1',
    mean: '바이트 − ImageNet 평균',
    none: '바이트 그대로',
  },
  invert: '명암 반전',
  range: (low, high) => `신경망에는 ${low}에서 ${high} 사이의 값이 들어갑니다.`,
  unusual: '이 신경망을 학습할 때와 다른 전처리입니다. 예측이 어떻게 바뀌는지 보세요.',
  notPicture: (name) => `${name}은(는) 이 브라우저가 읽을 수 있는 사진이 아닙니다. PNG, JPEG, WebP를 쓰세요.`,
  tooLarge: (name, size) => `${name}의 크기는 ${size}입니다. 20 MB 이하의 사진을 쓰세요.`,
  nothing: '클립보드에 사진이 없습니다.',
};
