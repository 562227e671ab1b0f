import type { RunsMessages } from './index.js';

export const ko: RunsMessages = {
  title: '비교 중인 실행과 검증 데이터의 손실·정확도',
  run: '실행',
  now: '현재 실행',
  same: '설정 같음',
  epoch: '에포크',
  loss: '손실',
  accuracy: '정확도',
  names: { flip: '좌우 반전', shift: '이동', rotate: '회전', cutout: '컷아웃' },
  explained: {
    flip: '두 번에 한 번꼴로 좌우를 바꿉니다. 숫자에는 맞지 않습니다. 뒤집힌 3은 3이 아니니까요.',
    shift: '각 방향으로 변 길이의 8분의 1까지 옮깁니다.',
    rotate: '양쪽으로 15°까지 돌립니다.',
    cutout: '변 길이의 4분의 1인 정사각형 영역을 0으로 지웁니다.',
  },
  seen: (label, index) => `${label}, ${index}번 그림이 다음 배치에서 보일 모습`,
  chooseFirst: '그림을 고르면 어떻게 변하는지 보여 줍니다.',
  trains: '학습에 쓰이는 그림입니다.',
  measures: '검증용 그림입니다. 학습에 쓰이지 않고, 바뀌지도 않습니다.',
  measuredOnce: '학습에 쓰였다면 이렇게 바뀝니다.',
  normalised: (white) => `신경망의 입력값 = 바이트 ÷ ${white} (0에서 1까지). 평균은 빼지 않습니다.`,
  remove: (name) => `비교에서 빼기: ${name}`,
};
