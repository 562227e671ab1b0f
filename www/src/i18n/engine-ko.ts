/** The engine's messages in Korean. The engine says what is wrong in English, with its numbers; here stands each text that
 * somebody may meet on the page, as it stands in the Rust sources (a test compares them), with `{}` for what is filled in.
 * Loaded when there is something to say. */
const TEXTS: readonly (readonly [english: string, korean: string])[] = [
  [
    'training stopped at step {}: {} ({} of {} values are NaN or infinite). The learning rate of {} is probably too large: try a tenth of it, and reset',
    '{0} 스텝에서 학습이 멈췄습니다. {1} (값 {3}개 중 {2}개가 NaN 또는 무한대). 학습률 {4}가 너무 큰 것 같습니다. 10분의 1로 줄여 처음부터 다시 해 보세요.',
  ],
  [
    "training stopped at step {}: the loss is NaN or infinite although every layer's output is finite; the logits or the penalty on the weights are too large. Try a tenth of the learning rate {}, and reset",
    '{0} 스텝에서 학습이 멈췄습니다. 모든 층의 출력은 유한하지만 손실이 NaN 또는 무한대입니다. 로짓이나 가중치 규제가 너무 큽니다. 학습률 {1}의 10분의 1로 처음부터 다시 해 보세요.',
  ],
  [
    'training stopped at step {}, where the loss was NaN or infinite: nothing is learnt from there on. Reset to start over, with a smaller learning rate',
    '{0} 스텝에서 손실이 NaN 또는 무한대가 되어 학습이 멈췄고, 그 뒤로는 학습되지 않습니다. 학습률을 줄여 초기화하세요.',
  ],
  [
    'the {} of layer "{}" went out of range in the update before',
    '직전 갱신에서 층 "{1}"의 {0} 값이 범위를 벗어났습니다.',
  ],
  ['the output of layer "{}" is the first that is out of range', '층 "{0}"의 출력이 처음으로 범위를 벗어났습니다.'],
  [
    'the loss over {} samples is NaN or infinite: the last update took the weights out of range. Try a tenth of the learning rate, and reset',
    '샘플 {0}개의 손실이 NaN 또는 무한대입니다. 마지막 갱신에서 가중치가 범위를 벗어났습니다. 학습률을 10분의 1로 줄여 초기화하세요.',
  ],
  [
    'the snapshot belongs to other {}; open it with those that it was saved with',
    '저장된 실행의 설정이 지금과 다릅니다({0}). 저장할 때의 설정으로 여세요.',
  ],
  [
    'the snapshot has version {}, this engine reads {}; train the run again',
    '저장된 실행의 버전은 {0}인데 이 엔진은 버전 {1}만 읽습니다. 다시 학습하세요.',
  ],
  [
    'there is no augmentation "{}"; use flip, shift, rotate and cutout, with commas',
    '"{0}"이라는 데이터 증강은 없습니다. flip, shift, rotate, cutout을 쉼표로 이어 쓰세요.',
  ],
  ['there is no model "{}"', '"{0}"이라는 모델이 없습니다.'],
  ['there is no model "{}"; known are {}', '"{0}"이라는 모델이 없습니다. 쓸 수 있는 모델: {1}'],
  [
    'a batch of {} is larger than the {} training samples of "{}"; choose a smaller batch',
    '배치 {0}이 "{2}"의 학습 샘플 {1}개보다 큽니다. 더 작은 배치를 고르세요.',
  ],
  ['a batch of {} cannot run; use 1 to {}', '배치 {0}은 실행할 수 없습니다. 1부터 {1}까지 쓸 수 있습니다.'],
  [
    'a batch of {} makes "{}" {} with 2^31 values or more; use a smaller batch',
    '배치 {0}이면 "{1}" {2}의 값이 2^31개를 넘습니다. 더 작은 배치를 고르세요.',
  ],
  [
    '"{}" takes pictures of shape {}, the dataset "{}" has {}; choose another dataset or input shape',
    '"{0}"에는 모양이 {1}인 그림이 필요한데 데이터셋 "{2}"의 그림은 {3}입니다. 다른 데이터셋을 고르세요.',
  ],
  [
    '"{}" needs {} MiB in one piece, this adapter allows {} MiB; use a smaller batch or smaller layers',
    '"{0}"에는 한 덩어리로 {1} MiB가 필요한데 이 어댑터의 한도는 {2} MiB입니다. 배치나 층을 줄이세요.',
  ],
  [
    '{} needs {} MiB in one piece, this adapter allows {} MiB, whatever the batch; use fewer units or filters in the layers with the most weights',
    '{0}: 한 덩어리로 {1} MiB가 필요한데 이 어댑터의 한도는 배치와 관계없이 {2} MiB입니다. 가중치가 가장 많은 층의 유닛이나 필터를 줄이세요.',
  ],
  ['not a safetensors file (it is shorter than 8 bytes)', 'safetensors 파일이 아닙니다. (8바이트보다 짧습니다)'],
  [
    'not a safetensors file (its header would have {} bytes)',
    'safetensors 파일이 아닙니다. (헤더의 길이가 {0}바이트라고 되어 있습니다)',
  ],
  ['not a safetensors file (its header is no JSON object)', 'safetensors 파일이 아닙니다. (헤더가 JSON이 아닙니다)'],
  ['the file has no tensor `{}`', '파일에 `{0}` 텐서가 없습니다.'],
  [
    '`images` has shape {}; [n, height, width, channels] was expected',
    '`images`의 모양이 {0}입니다. [n, 높이, 너비, 채널]이어야 합니다.',
  ],
  ['`images` is {}; use U8, or F32 from 0 to 1', '`images`의 자료형이 {0}입니다. U8 또는 0부터 1까지의 F32를 쓰세요.'],
  [
    '`images` has the value {} at {}; F32 images lie between 0 and 1',
    '`images`의 {1}번째 값이 {0}입니다. F32 그림의 값은 0과 1 사이여야 합니다.',
  ],
  [
    'there are {} labels for {} images; each needs one',
    '그림 {1}장에 레이블이 {0}개입니다. 그림마다 하나씩 있어야 합니다.',
  ],
  ['`labels` has shape {}; [n] was expected', '`labels`의 모양이 {0}입니다. [n]이어야 합니다.'],
  ['`labels` is {}; use U8, I32, U32 or I64', '`labels`의 자료형이 {0}입니다. U8, I32, U32, I64 중 하나를 쓰세요.'],
  [
    'label {} is {}; labels count classes from 0 on',
    '{0}번째 레이블이 {1}입니다. 레이블은 0부터 세는 클래스 번호입니다.',
  ],
  [
    'there is {} class; a network can tell two or more apart',
    '클래스가 {0}개뿐입니다. 신경망에는 둘 이상의 클래스가 필요합니다.',
  ],
  ['the arena of all trained weights', '학습할 가중치 전체'],
  ['the arena of all gradients', '기울기 전체'],
  ['the arena of frozen weights and moving statistics', '동결한 가중치와 이동 통계'],
  ["a buffer of the optimiser's", '옵티마이저의 버퍼'],
  [
    'the {} of "{}" takes {} MiB at once, this adapter binds {} MiB; use fewer units or filters there, or a smaller batch',
    '"{1}"의 {0}에는 한 번에 {2} MiB가 필요한데 이 어댑터의 한도는 {3} MiB입니다. 유닛이나 필터, 배치를 줄이세요.',
  ],
  [
    'the GPU ran out of memory ({}); use a smaller batch or a smaller network',
    'GPU 메모리가 부족합니다 ({0}). 배치나 신경망을 줄이세요.',
  ],
  ['the GPU reported: {}', 'GPU가 알린 오류: {0}'],
  [
    'the GPU device was lost; reload the page or start again',
    'GPU를 잃었습니다. 페이지를 새로 고치거나 다시 시작하세요.',
  ],
  [
    'clipnorm and global_clipnorm are both given; choose one',
    '텐서별 클리핑(clipnorm)과 전체 클리핑(global_clipnorm)은 함께 쓸 수 없습니다. 하나만 고르세요.',
  ],
  [
    'nesterov needs a momentum above 0; 0.9 is usual',
    '네스테로프에는 0보다 큰 모멘텀이 필요합니다. 보통 0.9를 씁니다.',
  ],
  ['{} is {}; it must be at least 0 and below 1', '{0}은(는) {1}일 수 없습니다. 0 이상 1 미만이어야 합니다.'],
  [
    'learning rate is {}; it must be a number above 0, 0.001 is a usual start',
    '학습률은 {0}일 수 없습니다. 0보다 커야 하며, 보통 0.001에서 시작합니다.',
  ],
  [
    'window {}×{}{} exceeds {} {}×{}; add padding, use padding "same" or drop a pooling layer',
    '창({0}×{1}{2})이 입력({4}×{5})보다 큽니다. 패딩을 더하거나, 패딩을 "same"으로 하거나, 풀링층을 빼세요.',
  ],
  ['{} {} is outside 1..={}', '{0} {1}: 쓸 수 없는 값입니다. 1부터 {2}까지 쓸 수 있습니다.'],
  [
    'needs an input of shape (height, width, channels), got {}; move it before the flatten',
    '(높이, 너비, 채널) 모양의 입력이 필요한데 {0} 모양이 들어옵니다. Flatten 앞으로 옮기세요.',
  ],
  [
    'cannot add {} to {}; all inputs need the same shape, or one channel where the others have more. A 1×1 convolution with strides can change a shape',
    '{0} 모양과 {1} 모양은 더할 수 없습니다. 모든 입력의 모양이 같거나 한쪽이 1채널이어야 합니다. 모양은 스트라이드가 있는 1×1 합성곱으로 바꿀 수 있습니다.',
  ],
  [
    'cannot join {} and {}; all axes but the last must agree. Padding "same" keeps height and width',
    '{0} 모양과 {1} 모양은 이어 붙일 수 없습니다. 마지막 축을 뺀 나머지 크기가 같아야 합니다. 패딩 "same"을 쓰면 높이와 너비가 유지됩니다.',
  ],
  [
    '{} input channels and {} filters do not divide into {} groups; make groups a divisor of both',
    '입력 채널 {0}개와 필터 {1}개를 그룹 {2}개로 나눌 수 없습니다. groups를 두 수의 공약수로 하세요.',
  ],
  [
    'rate is {}; it must be at least 0 and below 1, 0.5 is usual',
    'rate는 {0}일 수 없습니다. 0 이상 1 미만이어야 하며, 보통 0.5를 씁니다.',
  ],
  [
    'model "{}" has a cycle through {}; a layer cannot read its own output',
    '모델 "{0}"에 {1}을(를) 지나는 순환이 있습니다. 층은 자기 출력을 입력으로 받을 수 없습니다.',
  ],
  ['the file has no weights for "{}"{}: {}', '파일에 "{0}"에 맞는 가중치가 없습니다{1}: {2}'],
  ['this is no snapshot of a run', '저장된 실행이 아닙니다.'],
  [
    'the snapshot has {} bytes of state, the network needs {}; it is not whole',
    '저장된 실행이 온전하지 않습니다. 상태가 {0}바이트인데 이 신경망에는 {1}바이트가 필요합니다.',
  ],
  ['network', '신경망'],
  ['training settings', '학습 설정'],
  ['data', '데이터'],
  ['missing field `{}`', '`{0}` 값이 없습니다.'],
];

/** What the page itself says in the engine's place. */
const OURS: typeof TEXTS = [
  [
    'The loss runs away: it is {} at step {}, where guessing alone gives {}. The learning rate of {} is probably too large.',
    '손실이 발산하고 있습니다. {1}스텝의 손실이 {0}인데, 찍기만 해도 {2}입니다. 지금 학습률({3})이 너무 큰 것 같습니다.',
  ],
  ['The saved run is no longer there.', '저장된 실행이 더는 없습니다.'],
  ['There is no snapshot to go back to.', '되돌아갈 지점이 아직 없습니다.'],
  [
    'The network in the link cannot be read; copy the link again, whole. ({})',
    '링크에 담긴 신경망을 읽을 수 없습니다. 링크를 빠짐없이 다시 복사하세요. ({0})',
  ],
  ['The network in the link is larger than {} bytes.', '링크에 담긴 신경망이 {0}바이트보다 큽니다.'],
  ['This is not JSON: {}.', 'JSON 파일이 아닙니다. ({0})'],
  ['This is no network of format version 1 (version: {}).', '형식 버전 1의 신경망이 아닙니다. (파일의 버전: {0})'],
  [
    'This network lacks its input, its layers with connected_to, or its outputs.',
    '신경망에 입력(input)이나 출력(outputs), 또는 층(layers)과 그 연결(connected_to)이 빠져 있습니다.',
  ],
  [
    '"{}" is not a safetensors file. Open one that "Save weights" or the runner\'s train --save has written.',
    '"{0}"은(는) safetensors 파일이 아닙니다. 이 페이지의 “가중치 저장”이나 실행 프로그램의 train --save로 만든 파일을 여세요.',
  ],
  ['{} Did you mean {}?', '{0} 혹시 {1}인가요?'],
  [
    '{} names no model; {} is used instead. What comes nearest: {}.',
    '{0}: 그런 모델은 없어 대신 {1} 모델을 씁니다. 가장 비슷한 모델: {2}.',
  ],
  [
    '{} cannot be trained here: it takes pictures of {}, and those of this page are {}; {} is used instead. What comes nearest: {}.',
    '{0}: 여기서는 학습할 수 없습니다. {1} 그림이 필요한데 이 페이지의 그림은 {2}입니다. 대신 {3} 모델을 씁니다. 가장 비슷한 모델: {4}.',
  ],
  ['{} and {} more in the model menu', '{0} (그 밖의 {1}개는 모델 메뉴에 있습니다)'],
  [
    '{} does not work: {} takes {}; {} is used instead.',
    '{0}: 쓸 수 없는 값입니다. {1}에 쓸 수 있는 값은 {2}이며, 대신 {3} 값을 씁니다.',
  ],
  [
    '{} does not work: {} takes {}; all panels are shown instead.',
    '{0}: 쓸 수 없는 값입니다. {1}에 쓸 수 있는 값은 {2}이며, 대신 모든 패널을 보입니다.',
  ],
  [
    '{} does not work: {} takes {}; "{}" hides nothing.',
    '{0}: 쓸 수 없는 값입니다. {1}에 쓸 수 있는 값은 {2}이며, "{3}" 때문에 숨긴 것은 없습니다.',
  ],
  [
    '{} does not work: {} takes {}; "{}" locks nothing.',
    '{0}: 쓸 수 없는 값입니다. {1}에 쓸 수 있는 값은 {2}이며, "{3}" 때문에 잠근 것은 없습니다.',
  ],
  [
    '{} does not work: {} takes {}; no lesson is taken.',
    '{0}: 쓸 수 없는 값입니다. {1}에 쓸 수 있는 값은 {2}이며, 어떤 실습도 열지 않습니다.',
  ],
  ['{} does not work: {} takes {}.', '{0}: 쓸 수 없는 값입니다. {1}에 쓸 수 있는 값: {2}.'],
  ['{} cannot be used: {}; {} is used instead.', '{0}: 쓸 수 없습니다. {1} (대신 {2} 사용)'],
  [
    'The pictures "{}" do not lie in this browser: open their folder or file here',
    '"{0}" 사진은 이 브라우저에 없습니다. 여기서 그 폴더나 파일을 다시 여세요.',
  ],
  [
    'This browser has no room for {} MB of pictures: delete a set that lies here, or use fewer.',
    '이 브라우저에 {0} MB의 사진을 둘 자리가 없습니다. 여기 있는 데이터셋을 지우거나 사진 수를 줄이세요.',
  ],
  [
    '{} files could not be read as pictures ({}); use PNG, JPEG or WebP.',
    '파일 {0}개를 사진으로 읽을 수 없습니다({1}). PNG, JPEG, WebP를 쓰세요.',
  ],
  ['{} says nothing to this page.', '{0}: 이 페이지에 없는 이름입니다.'],
  ['In the link, {}', '링크의 {0}'],
  ['The attribute {}', '속성 {0}'],
  ['a {}number from {} to {}', '{1}부터 {2}까지의 {0}수'],
  ['whole ', '정'],
  ['one of {}', '{0}'],
  ['some of {}', '{0}'],
  ['{} and {} more', '{0} 외 {1}개'],
  ['{}, with commas', '{0} (쉼표로 이어 씀)'],
  ['the name of a model, in a-z, 0-9 and _', '모델 이름 (a-z, 0-9, _)'],
  [
    '"{}" has pictures of {}; use sides below 10,000 and fewer than 100 channels',
    '"{0}"의 그림은 {1}입니다. 변은 10,000 미만, 채널은 100개 미만이어야 합니다.',
  ],
  [
    'The .bin files are of CIFAR-10 and of CIFAR-100; choose those of one set.',
    '.bin 파일에 CIFAR-10과 CIFAR-100이 섞여 있습니다. 한쪽만 고르세요.',
  ],
  [
    'Label {} of the .bin files is {}; {} has {} classes.',
    '.bin 파일의 {0}번째 레이블이 {1}입니다. {2}의 클래스는 {3}개입니다.',
  ],
  [
    '"{}" has {} bytes, which are no records of 3073 (CIFAR-10) or 3074 bytes (CIFAR-100); choose a .bin file of their binary version.',
    '"{0}"의 크기가 {1}바이트여서 3073바이트(CIFAR-10)나 3074바이트(CIFAR-100) 단위로 나뉘지 않습니다. 바이너리 버전의 .bin 파일을 고르세요.',
  ],
  [
    '{} is a web page: no such file lies there, or its address is another one',
    '{0}에는 파일이 아니라 웹 페이지가 있습니다. 파일이 없거나 주소가 다릅니다.',
  ],
  ['{} has {} bytes; use a file of at most 1 GiB', '{0}의 크기는 {1}바이트입니다. 1 GiB 이하의 파일을 쓰세요.'],
  ['{} could not be loaded: HTTP {}.', '{0} 파일을 불러오지 못했습니다. (HTTP {1})'],
  ['{} could not be loaded: HTTP {}', '{0} 파일을 불러오지 못했습니다. (HTTP {1})'],
  ['{} could not be loaded: {}', '{0} 파일을 불러오지 못했습니다. {1}'],
  ['The run was closed.', '실행이 닫혔습니다.'],
  ['Run {} is closed.', '실행이 닫혔습니다.'],
];

/** What browsers say of files, their store and the net: Chromium, Firefox, Safari. */
const UNREADABLE = '파일을 읽을 수 없습니다. 고른 뒤에 바뀌었거나 열 권한이 없습니다. 다시 골라 보세요.';
const MISSING = '파일이 없습니다. 옮겼거나 지웠다면 다시 골라 보세요.';
const OFFLINE = '불러오지 못했습니다. 네트워크 연결을 확인하고 다시 해 보세요.';
const FULL = '브라우저의 저장 공간이 가득 찼습니다.';
const NO_JSON = '{0}에서 문법이 어긋납니다';
const BROWSERS: typeof TEXTS = [
  [
    'The requested file could not be read, typically due to permission problems that have occurred after a reference to a file was acquired.',
    UNREADABLE,
  ],
  ['The I/O read operation failed.', UNREADABLE],
  ['A requested file or directory could not be found at the time an operation was processed.', MISSING],
  ['File not found', MISSING],
  ['The object can not be found here.', MISSING],
  ['Failed to fetch', OFFLINE],
  ['NetworkError when attempting to fetch resource.', OFFLINE],
  ['Load failed', OFFLINE],
  ['Failed to fetch dynamically imported module: {}', OFFLINE],
  ['error loading dynamically imported module: {}', OFFLINE],
  ['Importing a module script failed.', OFFLINE],
  ['The quota has been exceeded.', FULL],
  ['The current transaction exceeded its quota limitations.', FULL],
  ['Encountered full disk while opening backing store for indexedDB.open.', FULL],
  ['Array buffer allocation failed', '메모리가 부족해 파일을 열 수 없습니다.'],
  ['Unexpected end of JSON input', '파일이 중간에 끊겼습니다'],
  ['Unexpected token {}, {} is not valid JSON', NO_JSON],
  ['JSON.parse: {} of the JSON data', NO_JSON],
  ['JSON Parse error: {}', NO_JSON],
];

const hole = /\{\}/;

function pattern(english: string): RegExp {
  const parts = english.split(hole).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('(.*?)')}$`, 's');
}

/** The same in Korean; what has no Korean text stays as it is. */
export function inKorean(message: string): string {
  // A setting of a link or a file, and why it cannot be.
  const [, setting = '', reason = ''] = /^(net|\w+=\S+|[^:]*\.safetensors): (.*)$/s.exec(message) ?? [];
  if (setting !== '') return `${setting}: ${inKorean(reason)}`;
  for (const [english, korean] of [...TEXTS, ...OURS, ...BROWSERS]) {
    const found = pattern(english).exec(message);
    if (found === null) continue;
    return korean.replace(/\{(\d)\}/g, (_, index: string) => inKorean(found[Number(index) + 1] ?? ''));
  }
  return message;
}

/** For the tests that the engine and the page still say so. */
export const ENGLISH = TEXTS.map(([english]) => english);
export const OUR_ENGLISH = OURS.map(([english]) => english);
