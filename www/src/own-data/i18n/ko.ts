import type { OwnDataMessages } from './index.js';

export const ko: OwnDataMessages = {
  title: '내 사진으로 학습',
  about:
    '클래스마다 폴더 하나씩 든 폴더, images와 labels가 든 safetensors 파일, 또는 CIFAR-10이나 CIFAR-100의 .bin 파일을 클래스 이름이 든 .txt와 함께 여세요. 아무것도 이 컴퓨터를 벗어나지 않습니다.',
  folder: '폴더 고르기',
  file: '파일 고르기',
  drop: '또는 여기에 끌어다 놓기',
  reading: '폴더를 살펴보는 중 …',
  found: (pictures, classes) => `사진 ${pictures}장, 클래스 ${classes}개`,
  count: (pictures) => `사진 ${pictures}장`,
  more: (classes) => `외 ${classes}개`,
  side: '크기',
  sideOf: (side) => `${side} × ${side}`,
  sideHints: { small: '빠름', large: '느림' },
  otherModel: (model, other, size) =>
    `${model}은(는) 다른 크기의 그림을 위한 모델입니다. ${size}에서는 ${other}이(가) 열리며, 같은 크기의 다른 모델은 모델 메뉴에 있습니다.`,
  opened: (pictures) => `사진 ${pictures}장을 열었습니다.`,
  goOn: '계속',
  onlyNames: (name) => `"${name}"에는 이름만 들어 있습니다. 함께 쓰는 .bin 파일과 같이 고르세요.`,
  channels: '채널',
  channelNames: { 1: '회색', 3: '빨강, 초록, 파랑' },
  framing: '크기 맞추기',
  framings: { crop: '가운데 잘라내기', stretch: '늘이기' },
  seen: '클래스마다 한 장씩, 신경망이 볼 모습입니다.',
  use: (pictures) => `사진 ${pictures}장으로 학습하기`,
  packing: (done, all) => `사진 ${all}장 중 ${done}장 읽음`,
  checking: '사진을 읽을 엔진을 불러오는 중 …',
  cancel: '취소',
  back: '다른 폴더',
  stored: '이 브라우저에 있는 데이터셋',
  storedFacts: (pictures, classes, shape, size) => `사진 ${pictures}장 · 클래스 ${classes}개 · ${shape} · ${size} MB`,
  open: '열기',
  openLabel: (title) => `${title} 열기`,
  isOpen: '열려 있음',
  save: '파일로 저장',
  saveLabel: (title) => `${title}을(를) safetensors 파일로 저장`,
  saveHint: (title) => `파일로 저장하면 강의 페이지에서 dataset="${title}.safetensors"로 열 수 있습니다.`,
  remove: (title) => `이 브라우저에서 ${title} 지우기`,
  sure: (title) => `이 브라우저에 있는 ${title}을(를) 지울까요? 저장된 학습을 이어 하려면 필요합니다.`,
  removeOpen: '열려 있습니다. 먼저 다른 데이터셋을 고르세요.',
  loose: (pictures) =>
    `사진 ${pictures}장은 클래스 폴더 밖에 있어 뺐습니다. 클래스마다 폴더를 하나씩 만들어 그 안에 넣으세요.`,
  fewClasses: (classes) =>
    `찾은 사진: ${classes}. 신경망에는 클래스가 둘 이상 있어야 합니다. 클래스마다 폴더를 하나씩 만들어 사진을 넣고, 그 폴더들이 든 폴더를 고르세요.`,
  noClass: '클래스 없음',
  oneClass: (name) => `클래스 하나(${name})`,
  tooMuch: (size, most) =>
    `이 크기로는 ${size} MB가 필요하지만 ${most} MB까지만 읽을 수 있습니다. 더 작은 크기나 회색을 고르거나 사진 수를 줄이세요.`,
  unread: (files, names) => `사진으로 읽을 수 없는 파일 ${files}개를 뺐습니다: ${names}`,
  notThis: (name) =>
    `"${name}"은(는) 열 수 없습니다. 클래스 폴더가 든 폴더, safetensors 파일, CIFAR의 .bin 파일 중 하나를 고르세요.`,
};
