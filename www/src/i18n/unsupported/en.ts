/** English, for who has no WebGPU. Every other language has exactly these keys. */
export const en = {
  title: 'This page needs WebGPU',
  reasons: {
    insecure: 'The page came over plain HTTP, and browsers give WebGPU only to secure pages.',
    'no-webgpu': 'This browser has no WebGPU (navigator.gpu is missing).',
    'no-adapter': 'This browser knows WebGPU but found no GPU that it may use (no adapter).',
    limits: 'The GPU answers, but its limits are lower than the engine needs.',
  },
  whatToDo: 'What to do',
  advice: {
    insecure: ['Open the same address with https://, or from localhost.'],
    chrome: [
      'Update Chrome, Edge or another Chromium browser to version 121 or later (desktop from 113).',
      'Open chrome://settings/system and turn graphics acceleration on, then restart the browser.',
      'chrome://gpu says whether WebGPU is blocked for this driver. On Linux, chrome://flags/#enable-unsafe-webgpu may be needed.',
    ],
    firefox: [
      'Update Firefox to 141 or later on Windows, 145 or later on a Mac with Apple silicon.',
      'Elsewhere open about:config and set dom.webgpu.enabled to true, or use Chrome or Edge.',
    ],
    safari: [
      'Update to Safari 26 (macOS Tahoe, iOS 26 or later).',
      'On older systems use Chrome on the desktop; on an older iPhone or iPad another device is needed.',
    ],
    other: ['Open the page in a current Chrome, Edge, Firefox or Safari.'],
    'no-adapter': [
      'Update the graphics driver; leave remote desktops and virtual machines without a GPU.',
      'Without a GPU, Chrome can compute in software: start it with --enable-unsafe-webgpu --use-webgpu-adapter=swiftshader.',
    ],
    limits: ['Use another browser or a device with a newer GPU; on a laptop with two GPUs choose the stronger one.'],
  },
  detail: 'What the engine said',
};
