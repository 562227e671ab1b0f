/** The words of the field in both languages, each with one sentence: what a lesson's text links, and what the glossary lists. */
import type { Language } from '../i18n/languages.js';

export interface Wording {
  word: string;
  /** One sentence. */
  about: string;
  /** Other forms in which texts mention it. */
  forms?: readonly string[];
}

export interface Term extends Readonly<Record<Language, Wording>> {
  id: string;
  /** The word also means other things: only where a text marks it as a term. */
  marked?: true;
}

const term = (id: string, en: Wording, ko: Wording, marked?: true): Term =>
  marked === undefined ? { id, en, ko } : { id, en, ko, marked };

const words = (word: string, about: string, ...forms: string[]): Wording => ({ word, about, forms });

/** Grouped as a course goes: layers, learning, deep networks, data and judgement. */
export const TERMS: readonly Term[] = [
  term(
    'convolution',
    words('convolution', 'A small window of weights slides over its input and writes a weighted sum at every place.'),
    words('합성곱', '작은 가중치 창이 입력을 훑으며 자리마다 가중합을 적는 연산입니다.'),
  ),
  term(
    'kernel',
    words(
      'kernel',
      'The window of weights of a convolution, also called a filter: each one makes one feature map.',
      'filter',
    ),
    words('커널', '합성곱이 훑는 가중치 창으로, 필터라고도 합니다. 커널 하나가 특징 맵 한 장을 만듭니다.', '필터'),
  ),
  term(
    'stride',
    words('stride', 'How many pixels a window moves on at each step: stride 2 halves the width and the height.'),
    words('스트라이드', '창이 한 번에 움직이는 칸 수입니다. 스트라이드가 2이면 가로와 세로가 절반이 됩니다.'),
  ),
  term(
    'padding',
    words('padding', 'Zeros laid around the input, so that windows reach its border and the size can stay the same.'),
    words('패딩', '입력 둘레에 두르는 0으로, 창이 가장자리까지 닿고 크기가 유지되게 합니다.'),
  ),
  term(
    'pooling',
    words(
      'pooling',
      'Each window is replaced by its largest value or its mean, which makes maps smaller and less particular about the place.',
    ),
    words('풀링', '창 안의 값을 최댓값이나 평균 하나로 줄여, 맵을 작게 하고 위치에 덜 민감하게 만듭니다.'),
  ),
  term(
    'feature',
    words('feature', 'Something in a picture that helps to tell classes apart, such as an edge, a stroke or an eye.'),
    words('특징', '클래스를 가려내는 데 도움이 되는 무늬로, 경계선이나 획, 눈 같은 것입니다.'),
  ),
  term(
    'feature-map',
    words('feature map', 'The output of one kernel: how strongly its pattern is there at every place.'),
    words('특징 맵', '커널 하나의 출력으로, 찾는 무늬가 자리마다 얼마나 뚜렷한지 나타냅니다.'),
  ),
  term(
    'channel',
    words(
      'channel',
      'One of the values that every pixel has: red, green and blue in a picture, one for each feature map further in.',
    ),
    words('채널', '픽셀마다 갖는 값의 가짓수입니다. 그림에서는 빨강·초록·파랑이고, 층 안에서는 특징 맵의 수입니다.'),
  ),
  term(
    'receptive-field',
    words('receptive field', 'The part of the picture that one value of a layer can see.'),
    words('수용 영역', '층의 값 하나가 볼 수 있는 그림의 범위입니다.'),
  ),
  term(
    'dense-layer',
    words(
      'dense layer',
      'A layer in which every output is joined to every input by a weight of its own; also called fully connected.',
    ),
    words('완전연결층', '모든 출력이 모든 입력과 저마다의 가중치로 이어진 층으로, 밀집층이라고도 합니다.'),
  ),
  term(
    'parameter',
    words('parameter', 'A number that training changes: a weight or a bias.'),
    words('파라미터', '학습으로 바뀌는 수로, 가중치와 편향을 말합니다. 매개변수라고도 합니다.'),
  ),
  term(
    'weight',
    words('weight', 'What an input is multiplied by; learning means finding good weights.'),
    words('가중치', '입력에 곱하는 수입니다. 좋은 가중치를 찾는 일이 학습입니다.'),
  ),
  term(
    'bias',
    words('bias', 'A number that is added to a weighted sum, whatever the input is.', 'biases'),
    words('편향', '가중합에 더하는 수로, 입력과 상관없이 일정합니다.'),
  ),
  term(
    'relu',
    words('ReLU', 'The most usual activation function: negative values become 0, the others stay.'),
    words('ReLU', '가장 흔한 활성화 함수로, 음수는 0으로 만들고 나머지는 그대로 둡니다.'),
  ),
  term(
    'activation',
    words(
      'activation function',
      'A function such as ReLU applied to every value, without which stacked layers would be no more than one.',
    ),
    words('활성화 함수', 'ReLU처럼 값마다 적용하는 함수로, 이것이 없으면 층을 쌓아도 한 층과 다르지 않습니다.'),
  ),
  term(
    'softmax',
    words('softmax', 'Turns the last layer’s values into probabilities: all positive, with the sum 1.'),
    words('소프트맥스', '마지막 층의 값을 확률로 바꿉니다. 모두 양수이고 더하면 1입니다.'),
  ),
  term(
    'loss',
    words('loss', 'One number that says how wrong the answers are; training makes it smaller.', 'losses'),
    words('손실', '답이 얼마나 틀렸는지 나타내는 수 하나입니다. 학습은 이 값을 줄이는 일입니다.'),
  ),
  term(
    'cross-entropy',
    words(
      'cross-entropy',
      'The loss of a classifier: minus the logarithm of the probability given to the right class.',
    ),
    words('교차 엔트로피', '분류기의 손실로, 정답 클래스에 준 확률의 로그에 마이너스를 붙인 값입니다.'),
  ),
  term(
    'gradient',
    words(
      'gradient',
      'For every weight, how much the loss rises when the weight grows a little; training steps against it.',
    ),
    words(
      '기울기',
      '가중치를 조금 키울 때 손실이 얼마나 늘어나는지 나타내는 값입니다. 학습은 그 반대쪽으로 나아갑니다.',
      '그래디언트',
    ),
  ),
  term(
    'backpropagation',
    words(
      'backpropagation',
      'Computes all gradients in one pass from the loss back to the first layer, by the chain rule.',
    ),
    words('역전파', '연쇄 법칙을 써서 손실에서 첫 층까지 거슬러 가며 모든 기울기를 한 번에 구합니다.'),
  ),
  term(
    'learning-rate',
    words('learning rate', 'How far each step goes against the gradient: too small is slow, too large never settles.'),
    words(
      '학습률',
      '한 스텝에서 기울기의 반대쪽으로 얼마나 나아갈지 정합니다. 작으면 느리고 크면 자리를 잡지 못합니다.',
    ),
  ),
  term(
    'optimizer',
    words('optimiser', 'The rule by which gradients become steps of the weights, such as SGD or Adam.', 'optimizer'),
    words('옵티마이저', '기울기로 가중치를 어떻게 고칠지 정하는 규칙으로, SGD와 Adam이 대표적입니다.'),
  ),
  term(
    'momentum',
    words(
      'momentum',
      'A step keeps part of the one before, so that it goes on steadily and does not swing to and fro.',
    ),
    words('모멘텀', '앞 스텝의 방향을 일부 이어받아, 이리저리 흔들리지 않고 꾸준히 나아가게 합니다.'),
  ),
  term(
    'schedule',
    words('learning rate schedule', 'How the learning rate changes during training, mostly downwards.'),
    words('학습률 스케줄', '학습하는 동안 학습률을 어떻게 바꿀지 정한 것으로, 대개 점점 줄입니다.'),
  ),
  term(
    'batch',
    words('batch', 'The pictures that one training step looks at together.', 'batches'),
    words('배치', '학습 스텝 하나가 한꺼번에 보는 그림 묶음입니다.'),
  ),
  term(
    'epoch',
    words('epoch', 'One pass over all training pictures.'),
    words('에포크', '학습 그림 전체를 한 번 다 보는 것입니다.'),
  ),
  term(
    'seed',
    words(
      'seed',
      'The number all chance follows from: the same seed gives the same first weights and the same order of pictures.',
    ),
    words('시드', '모든 무작위가 시작되는 수입니다. 시드가 같으면 초기 가중치와 그림의 순서가 같습니다.'),
  ),
  term(
    'vanishing-gradient',
    words(
      'vanishing gradient',
      'On the way back through many layers the gradient shrinks until the first layers hardly learn.',
      'vanishes',
    ),
    words('기울기 소실', '기울기가 많은 층을 거슬러 가며 줄어들어 앞쪽 층이 거의 배우지 못하는 현상입니다.'),
  ),
  term(
    'degradation',
    words('degradation', 'More layers make a plain network worse, even on the pictures it has learnt from.'),
    words('성능 저하', '평범한 망에 층을 더하면 학습한 그림에서조차 성능이 나빠지는 현상입니다.'),
  ),
  term(
    'residual-block',
    words(
      'residual block',
      'Some layers and a wire past them, added behind them: they learn only what is to be changed.',
    ),
    words('잔차 블록', '몇 개의 층과 그 층들을 건너뛰어 뒤에서 더해지는 선입니다. 층들은 바꿀 것만 배웁니다.'),
  ),
  term(
    'skip-connection',
    words(
      'skip connection',
      'A wire past some layers that is added to their output, so that values and gradients pass unchanged.',
      'shortcut',
    ),
    words('스킵 연결', '몇 개의 층을 건너뛰어 출력에 더해지는 선으로, 값과 기울기가 그대로 지나갑니다.'),
  ),
  term(
    'inception-block',
    words('inception block', 'Windows of several sizes look at the same input, and their maps are laid side by side.'),
    words('인셉션 블록', '크기가 다른 여러 창이 같은 입력을 보고, 나온 맵을 나란히 이어 붙입니다.'),
  ),
  term(
    'branch',
    words('branch', 'One of several ways that values take side by side from the same layer on.', 'branches'),
    words('가지', '같은 층에서 갈라져 나란히 가는 길 가운데 하나입니다.'),
    true,
  ),
  term(
    'concatenation',
    words('concatenation', 'Lays the maps of several layers side by side, channel after channel.'),
    words('이어 붙이기', '여러 층의 맵을 채널 방향으로 나란히 잇는 일입니다.', '이어 붙입니다'),
    true,
  ),
  term(
    'batch-normalization',
    words(
      'batch normalisation',
      'Brings every channel to mean 0 and variance 1 over the batch, then to a scale and shift that are learnt.',
      'batch norm',
      'batch normalization',
    ),
    words('배치 정규화', '채널마다 배치의 평균을 0, 분산을 1로 맞춘 다음, 학습한 크기와 이동을 적용합니다.'),
  ),
  term(
    'moving-average',
    words(
      'moving average',
      'A mean that forgets slowly: each batch adds a little, and what is older counts less and less.',
    ),
    words('이동 평균', '배치마다 조금씩 더해지고 오래된 값일수록 적게 반영되는 평균입니다.'),
  ),
  term(
    'overfitting',
    words('overfitting', 'The network learns the training pictures by heart and does worse on others.'),
    words('과적합', '신경망이 학습 그림을 외워 버려 다른 그림에서는 못하게 되는 현상입니다. 과대적합이라고도 합니다.'),
  ),
  term(
    'dropout',
    words('dropout', 'Silences some units at random in every training step, so that none can rely on one other.'),
    words('드롭아웃', '학습 스텝마다 일부 유닛을 무작위로 꺼서 서로 기대지 못하게 합니다.'),
  ),
  term(
    'regularization',
    words('L2 regularisation', 'Large weights add to the loss, which keeps the network simpler.'),
    words('L2 규제', '큰 가중치에 벌점을 주어 신경망이 복잡해지지 않게 합니다.'),
  ),
  term(
    'augmentation',
    words(
      'augmentation',
      'Training on shifted, turned or mirrored copies, so that few pictures teach as much as many.',
    ),
    words('데이터 증강', '옮기고 돌리고 뒤집은 그림으로도 학습해, 적은 그림으로 많은 그림의 효과를 냅니다.'),
  ),
  term(
    'validation',
    words('validation', 'Checking with pictures that were kept aside and never learnt from.'),
    words('검증', '학습에 쓰지 않고 남겨 둔 그림으로 실력을 재는 일입니다.'),
  ),
  term(
    'accuracy',
    words('accuracy', 'The share of pictures that are classified rightly.'),
    words('정확도', '전체 그림 가운데 맞게 분류한 비율입니다.'),
  ),
  term(
    'top-1',
    words('top-1 error', 'The share of pictures for which the likeliest class is wrong.'),
    words('Top-1 오류', '확률이 가장 높은 클래스가 정답이 아닌 그림의 비율입니다.'),
  ),
  term(
    'top-5',
    words('top-5 error', 'The share of pictures for which the right class is not among the five likeliest.'),
    words('Top-5 오류', '상위 다섯 클래스 안에 정답이 없는 그림의 비율입니다.'),
  ),
  term(
    'confusion-matrix',
    words('confusion matrix', 'A table of how often each class was taken for each other.', 'confusion matrices'),
    words('혼동 행렬', '어느 클래스를 어느 클래스로 보았는지 세어 적은 표입니다.'),
  ),
  term(
    'transfer-learning',
    words('transfer learning', 'Beginning a new task with the weights that another one has taught.'),
    words('전이 학습', '다른 과제에서 배운 가중치로 새 과제를 시작하는 일입니다.'),
  ),
  term(
    'fine-tuning',
    words(
      'fine-tuning',
      'Training learnt weights a little further on the new task, mostly with a small learning rate.',
    ),
    words('미세 조정', '배운 가중치를 새 과제에 맞게 조금 더 학습시키는 일로, 대개 학습률을 작게 잡습니다.'),
  ),
  term(
    'freeze',
    words('freeze', 'Leaving a layer’s weights as they are while the others learn.', 'frozen'),
    words('동결', '다른 층이 배우는 동안 어떤 층의 가중치를 그대로 두는 일입니다.'),
  ),
  term(
    'base',
    words('base', 'The layers of a learnt network that find features, kept for a new task.'),
    words('베이스', '특징을 찾는 층들로, 전이 학습에서 남겨 두는 부분입니다.'),
    true,
  ),
  term(
    'head',
    words('head', 'The last layers, which decide between the classes of one task.'),
    words('헤드', '과제의 클래스를 가려내는 마지막 층들입니다.'),
    true,
  ),
];
