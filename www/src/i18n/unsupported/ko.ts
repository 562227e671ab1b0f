import type { UnsupportedMessages } from './index.js';

export const ko: UnsupportedMessages = {
  title: '이 페이지에는 WebGPU가 필요합니다',
  reasons: {
    insecure: '페이지가 일반 HTTP로 열렸습니다. 브라우저는 안전한 페이지에만 WebGPU를 허용합니다.',
    'no-webgpu': '이 브라우저에는 WebGPU가 없습니다 (navigator.gpu 없음).',
    'no-adapter': '브라우저는 WebGPU를 알지만 쓸 수 있는 GPU를 찾지 못했습니다 (어댑터 없음).',
    limits: 'GPU는 응답하지만 한도가 엔진에 필요한 것보다 낮습니다.',
  },
  whatToDo: '해결 방법',
  advice: {
    insecure: ['같은 주소를 https:// 로 열거나 localhost에서 여세요.'],
    chrome: [
      'Chrome, Edge 등 Chromium 브라우저를 121 이상으로 업데이트하세요 (데스크톱은 113부터).',
      'chrome://settings/system 에서 그래픽 가속을 켜고 브라우저를 다시 시작하세요.',
      'chrome://gpu 에서 이 드라이버의 WebGPU가 차단되었는지 볼 수 있습니다. Linux에서는 chrome://flags/#enable-unsafe-webgpu 가 필요할 수 있습니다.',
    ],
    firefox: [
      'Firefox를 Windows에서는 141 이상, Apple 실리콘 Mac에서는 145 이상으로 업데이트하세요.',
      '그 밖의 환경에서는 about:config 에서 dom.webgpu.enabled 를 true로 바꾸거나 Chrome 또는 Edge를 쓰세요.',
    ],
    safari: [
      'Safari 26 (macOS Tahoe, iOS 26 이상)으로 업데이트하세요.',
      '이전 시스템에서는 데스크톱 Chrome을 쓰세요. 오래된 iPhone이나 iPad라면 다른 기기가 필요합니다.',
    ],
    other: ['최신 Chrome, Edge, Firefox, Safari에서 이 페이지를 여세요.'],
    'no-adapter': [
      '그래픽 드라이버를 업데이트하세요. GPU가 없는 원격 데스크톱이나 가상 머신은 피하세요.',
      'GPU가 없어도 Chrome은 소프트웨어로 계산할 수 있습니다: --enable-unsafe-webgpu --use-webgpu-adapter=swiftshader 로 시작하세요.',
    ],
    limits: ['다른 브라우저나 더 새로운 GPU가 있는 기기를 쓰세요. GPU가 둘인 노트북이라면 더 강한 쪽을 고르세요.'],
  },
  detail: '엔진이 알려 준 내용',
};
