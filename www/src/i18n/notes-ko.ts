/** What the registry notes of its models, in Korean, note by note. Loaded when a Korean reader opens them. */
const NOTES: Readonly<Record<string, string>> = {
  "The note's text says 61007 parameters; its code gives 61706.":
    '강의 노트의 글에는 파라미터가 61007개라고 되어 있지만, 코드대로 세면 61706개입니다.',
  "Convolutions are 'valid'; pooling is max, not the average of 1998.":
    "합성곱은 'valid'이고, 풀링은 1998년 논문의 평균 풀링이 아니라 최대 풀링입니다.",
  'input_shape given to the second convolution has no effect.':
    '두 번째 합성곱층에 준 input_shape는 아무 효과가 없습니다.',
  'Smooth twin of lenet (tanh, average pooling): its training has no jumps.':
    'lenet을 매끄럽게 바꾼 쌍둥이(tanh, 평균 풀링)입니다. 꺾이는 곳이 없어 학습 과정도 매끄럽습니다.',
  "Convolutions are 'valid'; the second pool turns 13x13 into 6x6 (last row and column are dropped).":
    "합성곱은 'valid'입니다. 두 번째 풀링은 13×13을 6×6으로 줄이며, 마지막 행과 열은 버려집니다.",
  "AlexNet's layers, each a quarter as wide: 24, 64, 96, 96, 64 filters, 1024 units.":
    'AlexNet의 층을 그대로 두고 폭만 4분의 1로 줄였습니다. 필터 24, 64, 96, 96, 64개, 유닛 1024개입니다.',
  'Convolution 1 is 5x5/1 instead of 11x11/4, the fifth has strides 1 as in the paper.':
    '첫 합성곱은 11×11, 스트라이드 4 대신 5×5, 스트라이드 1이고, 다섯 번째는 논문처럼 스트라이드가 1입니다.',
  'The fifth convolution has strides=3: 14x14 becomes 5x5.':
    '다섯 번째 합성곱의 strides가 3이라서 14×14가 5×5로 줄어듭니다.',
  "All pools are 2x2/2 'same', so the 5x5 map becomes 3x3 (flatten 2304).":
    "풀링은 모두 2×2, 스트라이드 2, 'same'이므로 5×5 맵은 3×3이 됩니다(펼치면 2304개).",
  "Convolution 1 is 11x11/4 'same' on 224: pads 3 before, 4 after, gives 56x56.":
    "첫 합성곱은 224×224 입력에 11×11, 스트라이드 4, 'same'입니다. 앞에 3, 뒤에 4를 덧대어 56×56이 됩니다.",
  'Dropout 0.4; no local response norm, no two-GPU groups.':
    '드롭아웃은 0.4입니다. 국소 응답 정규화(LRN)와 GPU 두 대로 나눈 그룹은 없습니다.',
  "VGG's first three blocks, half as wide, then dense layers of 256 and the classes.":
    'VGG의 처음 세 블록을 폭만 절반으로 줄이고, 그 뒤에 256개짜리 완전 연결층과 출력층을 두었습니다.',
  'Block 5 ends at 1x1x512, so flatten gives 512.': '블록 5의 출력이 1×1×512라서 펼치면 512개입니다.',
  'Sequential with automatic names; same shapes as keras.applications.VGG16.':
    '층 이름을 자동으로 붙인 Sequential 모델입니다. 모양은 keras.applications.VGG16과 같습니다.',
  "The note builds no Model; here the block's output is the model's output.":
    '강의 노트에서는 Model을 만들지 않습니다. 여기서는 블록의 출력이 곧 모델의 출력입니다.',
  "GoogLeNet's nine inception blocks and two auxiliary heads, each a quarter as wide.":
    'GoogLeNet의 인셉션 블록 9개와 보조 분류기 2개를 폭만 4분의 1로 줄였습니다.',
  'The stem is one 3x3 convolution and one pool; the main head ends in softmax.':
    '입력부는 3×3 합성곱 하나와 풀링 하나이고, 주 분류기는 소프트맥스로 끝납니다.',
  'Three outputs in the order aux1, aux2, main.': '출력은 aux1, aux2, main 순서로 세 개입니다.',
  'The main head is Dense(1000) without activation on a (1, 1, 1024) map: its output shape is (1, 1, 1000) and it holds logits, not probabilities.':
    '주 분류기는 (1, 1, 1024) 맵에 얹은 활성화 없는 Dense(1000)입니다. 그래서 출력의 모양은 (1, 1, 1000)이고, 값은 확률이 아니라 로짓입니다.',
  'aux1 hangs on the 4th inception block, aux2 on the 7th (before its pool).':
    'aux1은 네 번째, aux2는 일곱 번째 인셉션 블록에(풀링 앞에서) 달려 있습니다.',
  "Auxiliary average pool is 5x5/3 'valid': 14x14 becomes 4x4.":
    "보조 분류기의 평균 풀링은 5×5, 스트라이드 3, 'valid'라서 14×14가 4×4로 줄어듭니다.",
  'Dropout 0.7 in the auxiliary heads, 0.4 in the main head.':
    '드롭아웃은 보조 분류기에서 0.7, 주 분류기에서 0.4입니다.',
  'L2 0.0002 on the kernels of the two stem convolutions and of the auxiliary heads only; none on inception blocks and the main head.':
    'L2 0.0002는 입력부의 두 합성곱과 보조 분류기의 커널에만 걸립니다. 인셉션 블록과 주 분류기에는 없습니다.',
  "Stem max pools are 3x3/2 'same'; no local response norm; no 1x1 reduce before the 3x3 stem convolution.":
    "입력부의 최대 풀링은 3×3, 스트라이드 2, 'same'입니다. 국소 응답 정규화(LRN)와 3×3 합성곱 앞의 1×1 축소는 없습니다.",
  'Adds a (28, 28, 256) tensor to the (28, 28, 1) input: broadcast over channels.':
    '(28, 28, 256) 텐서를 (28, 28, 1) 입력에 더합니다. 입력은 모든 채널로 브로드캐스트됩니다.',
  'After the addition comes a BatchNormalization and no relu.':
    '더한 뒤에는 BatchNormalization이 오고 relu는 없습니다.',
  'Three basic blocks of 16, 32, 64 filters; the first has an identity shortcut.':
    '필터가 16, 32, 64개인 기본 블록 세 개입니다. 첫 블록의 지름길은 항등 연결입니다.',
  'Batch norm momentum 0.9, epsilon 1e-5; L2 1e-4 on all kernels.':
    '배치 정규화의 모멘텀은 0.9, ε은 1e-5이고, 모든 커널에 L2 1e-4가 걸립니다.',
  'Smooth twin of resnet8 (elu instead of relu).': 'resnet8을 매끄럽게 바꾼 쌍둥이(relu 대신 elu)입니다.',
  'Plain twin of resnet8: its layers without the additions.': 'resnet8에서 덧셈(잔차 연결)만 뺀 평범한 쌍둥이입니다.',
  '6n + 2 layers: a convolution, n blocks of two with 16, 32 and 64 filters each, a dense layer.':
    '6n + 2층입니다. 합성곱 하나, 필터가 16, 32, 64개인 2층짜리 블록이 각각 n개, 완전 연결층 하나로 이루어집니다.',
  'Where the shape changes, the skip is a 1x1 projection (option B); the paper pads with zeros here.':
    '모양이 바뀌는 곳의 지름길은 1×1 사영(옵션 B)입니다. 논문은 여기서 0을 덧댑니다.',
  'Plain twin of the ResNet of the same depth: its layers without the additions.':
    '같은 깊이의 ResNet에서 덧셈(잔차 연결)만 뺀 평범한 쌍둥이입니다.',
  'No convolution biases; batch norm momentum 0.9, epsilon 1e-5; he_normal kernels; L2 1e-4 on every convolution and dense kernel and on the dense bias.':
    '합성곱에 편향이 없습니다. 배치 정규화의 모멘텀은 0.9, ε은 1e-5이고, 커널은 he_normal로 초기화하며, 합성곱과 완전 연결층의 모든 커널, 그리고 완전 연결층의 편향에 L2 1e-4가 걸립니다.',
  "Stride 2 sits in the 3x3 convolution ('same', so an even map is padded only after: 0 before, 1 after) and in the projection.":
    "스트라이드 2는 3×3 합성곱과 사영에 있습니다. 'same'이므로 변이 짝수인 맵은 뒤쪽에만(앞 0, 뒤 1) 덧댑니다.",
  "Spatial sizes 32, pad 38, 16, pool 8 ('same'), 8, 4, 2, 1: stage 5 runs 3x3 convolutions on a 1x1 map.":
    "공간 크기는 32, 패딩 38, 16, 풀링 8('same'), 8, 4, 2, 1입니다. 5단계에서는 1×1 맵에 3×3 합성곱을 합니다.",
  'Dense kernel initializer is normal with stddev 0.01; softmax is its own layer.':
    '완전 연결층의 커널은 표준편차 0.01인 정규분포로 초기화하고, 소프트맥스는 따로 한 층입니다.',
  'block order: 1x1, 3x3, 1x1, then the projection, then add': '블록 안의 순서는 1×1, 3×3, 1×1, 사영, 덧셈입니다.',
  'Same numbers as resnet50_cifar100; global average pooling is written as a Lambda named reduce_mean (mean over axes 1 and 2).':
    '값은 resnet50_cifar100과 같습니다. 전역 평균 풀링을 reduce_mean이라는 Lambda(1, 2번 축의 평균)로 썼습니다.',
  'Convolutions have biases; batch norm is Keras default (momentum 0.99, epsilon 1e-3).':
    '합성곱에 편향이 있고, 배치 정규화는 Keras 기본값(모멘텀 0.99, ε 1e-3)입니다.',
  "Stem max pool 3x3/2 is 'valid' without padding: 112 becomes 55, then 28, 14, 7.":
    "입력부의 최대 풀링은 3×3, 스트라이드 2, 'valid'이고 패딩이 없습니다. 112가 55가 되고, 이어서 28, 14, 7이 됩니다.",
  "Stride 2 sits in the first 1x1 convolution ('valid') and in the projection.":
    "스트라이드 2는 첫 1×1 합성곱('valid')과 사영에 있습니다.",
  'Head: AveragePooling2D(7) then Flatten then Dense.': '분류기는 AveragePooling2D(7), Flatten, Dense 순서입니다.',
  'Batch norm epsilon 1.001e-5, momentum 0.99; convolutions have biases.':
    '배치 정규화의 ε은 1.001e-5, 모멘텀은 0.99이고, 합성곱에 편향이 있습니다.',
  'Stem max pool is preceded by ZeroPadding2D(1): 112 becomes 56.':
    '입력부의 최대 풀링 앞에 ZeroPadding2D(1)이 있어 112가 56이 됩니다.',
  'In projection blocks the projection is created first; Add takes [skip, main].':
    '사영이 있는 블록에서는 사영을 먼저 만들고, Add에는 [지름길, 본선] 순서로 들어갑니다.',
  'Head is GlobalAveragePooling2D, then Dense.': '분류기는 GlobalAveragePooling2D, Dense 순서입니다.',
  'An extra stack of 64 filters with stride 1 comes before the four stacks of ResNet50, and each stack has blocks + 1 blocks: 4, 4, 5, 7, 4 = 24 blocks.':
    'ResNet50의 네 단계 앞에 필터 64개, 스트라이드 1인 단계가 하나 더 있고, 단계마다 블록이 하나씩 많아 4, 4, 5, 7, 4개, 모두 24개입니다.',
  "Five stacks take 56 to 56, 28, 14, 7, 4; the text's (7, 7, 2048) is really (4, 4, 2048).":
    '다섯 단계를 지나며 56이 56, 28, 14, 7, 4로 줄어듭니다. 글에 적힌 (7, 7, 2048)은 실제로 (4, 4, 2048)입니다.',
  'Convolutions have biases; batch norm epsilon 1e-5, momentum 0.99.':
    '합성곱에 편향이 있고, 배치 정규화의 ε은 1e-5, 모멘텀은 0.99입니다.',
  'Add takes [skip, main] in that order. block order: 1x1, 3x3, 1x1, then the projection, then add':
    'Add에는 [지름길, 본선] 순서로 들어갑니다. 블록 안의 순서는 1×1, 3×3, 1×1, 사영, 덧셈입니다.',
};

/** As it is where there is no translation. */
export function noteInKorean(note: string): string {
  return NOTES[note] ?? note;
}

/** For the test that compares them with the registry. */
export const ENGLISH_NOTES: readonly string[] = Object.keys(NOTES);
