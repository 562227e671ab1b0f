/** English texts of the lessons. Words between asterisks are terms. */
export interface LessonWords {
  title: string;
  /** Before the playground. */
  before: readonly string[];
  /** What to do with it. */
  tasks: readonly string[];
  /** What to take along. */
  after: readonly string[];
  question: string;
  choices: readonly string[];
  /** Why the right one is right. */
  why: string;
}

const lessons: Readonly<Record<string, LessonWords>> = {
  convolution: {
    title: 'What a convolution does',
    before: [
      'A dense layer looks at the whole picture at once, with a weight of its own for every pixel. A *convolution* looks through a small window, the *kernel*, and slides it over the picture: at every place it multiplies the pixels under the window by the kernel’s weights, adds them up, and writes the sum into a *feature map*.',
      'The same few weights serve at every place. That is why a convolution finds a stroke wherever it stands, and why it needs so few parameters: one 5×5 kernel over one channel has 25 weights and a bias.',
    ],
    tasks: [
      'Choose the first convolution and look at its six maps. Each has its own kernel: some answer to edges from the left, some to strokes, some to nothing yet.',
      'Open “Filters” and compare each kernel with its map.',
      'Press Train, and watch the maps turn from noise into strokes.',
    ],
    after: [
      'Without padding the window cannot hang over the border: a kernel of k×k on a picture of n×n leaves maps of (n − k + 1)×(n − k + 1). The shapes on the cards follow this rule.',
    ],
    question:
      'A picture of 32×32 goes through a 5×5 convolution with stride 1 and without padding. How large is each feature map?',
    choices: ['32×32', '28×28', '27×27', '30×30'],
    why: '32 − 5 + 1 = 28: the window fits at 28 places across and at 28 down. Look at the card of the first convolution.',
  },
  lenet: {
    title: 'LeNet reads digits',
    before: [
      'In 1998 LeCun, Bottou, Bengio and Haffner taught a network of two convolutions and three dense layers to read the digits on cheques. Its plan is still that of most networks for pictures: convolutions find *features*, *pooling* makes them less particular about the place, dense layers decide.',
    ],
    tasks: [
      'Press Train and wait until the validation accuracy passes 90 %.',
      'Draw a digit and watch the bars of the prediction move with every stroke.',
      'Draw a digit badly on purpose: small, in a corner, slanted. Where does it break?',
    ],
    after: [
      'The network has only ever seen digits that fill their square and stand upright. What it has not seen it has not learnt: *augmentation*, training on shifted and turned copies, is the usual cure.',
    ],
    question: 'Which layer of LeNet holds most of its parameters?',
    choices: [
      'The first convolution, which sees the picture',
      'The second convolution, with 16 kernels',
      'The first dense layer, after “flatten”',
      'The last layer, which decides',
    ],
    why: 'The first dense layer has a weight for each of 400 inputs and 120 units, 48,120 with its biases: more than three quarters of all. The two convolutions together have 2,572.',
  },
  vanishing: {
    title: 'Vanishing gradients: plain against residual',
    before: [
      'Training sends the *gradient* backwards, from the loss to the first layer, and every layer on the way multiplies it by something. Where these factors are small, little is left for the first layers, and they hardly learn: the gradient *vanishes*. Batch norm keeps it from that, but even with batch norm deeper networks were worse than shallow ones, on the very pictures they had learnt from. This is the *degradation* that He, Zhang, Ren and Sun described in 2015.',
      'Their cure is a *skip connection* around every two layers: a wire past them, added behind them. Going backwards, an addition hands the gradient on undiminished, so there is always a short way to the front.',
    ],
    tasks: [
      'Both networks have the same 20 layers, the same seed and the same settings. Only the skips differ. Start both.',
      'Compare the norms of the gradients, layer by layer (the scale is logarithmic). Two stand out: in the first steps, how many times the last convolution’s is the first layer’s?',
      'Compare the loss curves.',
      'The arcs over the bars are the skips of the residual network. Switch some off, those in front, those behind, or all of them: that side starts over with the same seed. What becomes of the bars?',
    ],
    after: [
      'You see no bar near zero: both have batch norm, so no gradient vanishes here; without batch norm it would. What the plain network loses is the proportion. Measured over the first ten steps with digits of 16×16 pixels and SGD, the first layer’s gradient is three times the last convolution’s with 20 layers and over eighty times with 56. With skips it is one and a half times and five times. Choose plain56 and resnet56 in the playground if your GPU is strong.',
    ],
    question: 'Why does a skip connection help the first layers to learn?',
    choices: [
      'The addition passes the gradient on unchanged, past the layers in between',
      'It takes parameters away, so there is less to learn',
      'It makes the learning rate larger for the first layers',
      'It stops the last layers from learning',
    ],
    why: 'With y = x + F(x) the gradient for x is that of y plus what comes through F. The first part arrives whatever the layers in between make of the second.',
  },
  'small-windows': {
    title: 'Why 3×3',
    before: [
      'AlexNet began with windows of 11×11. Two years later, VGG used nothing but 3×3. One 3×3 sees little, but two of them in a row see 5×5 of the picture: the *receptive field* grows with every layer.',
      'And small windows in a row cost less. With C channels in and out, one 5×5 needs 25·C² weights, two 3×3 need 2·9·C² = 18·C², and there is a second ReLU between them, so that the network can bend its decisions once more.',
    ],
    tasks: [
      'Go through the convolutions from left to right and read “Receptive field” under “Cost”.',
      'Watch what a pooling layer does to it: from there on, every step of a window counts twice.',
    ],
    after: [
      'Windows of 1×1, which see a single pixel but all its channels, are what inception and ResNet shrink channels with.',
    ],
    question: 'How much of the picture do three 3×3 convolutions in a row see, all with stride 1?',
    choices: ['3×3', '5×5', '7×7', '9×9'],
    why: 'Every further 3×3 adds one pixel on each side: 3, 5, 7. A single 7×7 would need 49·C² weights, these three only 27·C².',
  },
  inception: {
    title: 'Inception: several windows at once',
    before: [
      'Should a layer look through 1×1, 3×3 or 5×5? GoogLeNet (Szegedy and others, 2014) answers: through all of them at once. An *inception block* sends its input into four *branches*, 1×1, 3×3, 5×5 and a pooling, and lays their maps side by side: a *concatenation*. The next layer takes what it needs.',
      'That would be dear, were it not for the 1×1 convolutions before the large windows: they shrink the channels first. A 5×5 over 256 channels costs sixteen times what it costs over 16.',
    ],
    tasks: [
      'Press Train, and let the network come over 80 % accuracy.',
      'Choose the card “Concat”, where the four branches meet (the layer is called inception), and open “Dissect”. Switch off one branch after the other: what does each save, and what happens to the answer?',
      'Measure on all validation pictures. Which branch can this network least do without?',
    ],
    after: [
      'With 22 layers GoogLeNet had twelve times fewer parameters than AlexNet, and made fewer mistakes: it won ImageNet in 2014 with a top-5 error of 6.7 %.',
    ],
    question: 'Which branch of the block above has the most parameters?',
    choices: ['1×1', '1×1, then 3×3', '1×1, then 5×5', 'Pooling, then 1×1'],
    why: 'The table under “Dissect” has it: 714 of the 3×3 branch against 483 of the 5×5 branch. The 5×5 windows are larger, but the 1×1 before them leaves only 3 channels, and they make only 6 maps.',
  },
  'batch-norm': {
    title: 'Batch norm',
    before: [
      'While a network learns, the values that reach a layer keep changing their range, because the layers before it change. *Batch normalisation* (Ioffe and Szegedy, 2015) takes, for every channel, the mean and the variance over the batch, brings the values to mean 0 and variance 1, and then lets the network choose a scale γ and a shift β.',
      'Its use: larger learning rates, less care for the first weights, and deep stacks that learn at all.',
    ],
    tasks: [
      'The two networks are VGG for 32×32 pictures, without and with batch norm; seed and settings are the same. Start both.',
      'Compare how soon the loss begins to fall.',
    ],
    after: [
      'The batch is part of the computation now. With very small batches its mean says little, and that is where batch norm is weak and layer norm is used.',
    ],
    question: 'What does batch norm normalise with when the trained network meets a single new picture?',
    choices: [
      'With the mean and variance of that picture',
      'With moving averages that were kept during training',
      'With mean 0 and variance 1, so it does nothing',
      'With the mean and variance of the last training batch',
    ],
    why: 'During training it keeps moving averages of mean and variance. At inference these are used, so that an answer does not depend on what else is in the batch.',
  },
  dropout: {
    title: 'Dropout and overfitting',
    before: [
      'A network with many weights and few pictures can learn them by heart. Then the loss falls for the training pictures and not, or even rises, for those kept aside: *overfitting*. The gap between the curve of the training and the points of the validation shows it.',
      '*Dropout* (Srivastava and others, 2014) silences units at random in every training step, here half of those before the last layer. No unit can rely on one other, so each has to learn something of use by itself.',
    ],
    tasks: [
      'Both networks are the same but for the dropout, with the same seed. Train both for ten epochs.',
      'Compare training and validation loss in each.',
      'Whose training loss is lower, and whose validation loss?',
    ],
    after: [
      'Dropout makes the training harder, so its training loss is higher. What counts is the loss on pictures it has not seen.',
    ],
    question: 'What does dropout do when the trained network is used?',
    choices: [
      'It still silences half of the units',
      'It silences those that were silenced last',
      'Nothing: all units take part',
      'It halves the learning rate',
    ],
    why: 'Dropout is for training only. The values that stay are scaled up by 1 ÷ (1 − rate) then, so that in use nothing has to change.',
  },
  'top-five': {
    title: 'Top-1 and top-5',
    before: [
      'A classifier gives a probability to every class. The *top-1 error* counts how often the likeliest one is wrong. ImageNet has 1,000 classes, many of them kinds of dogs, and pictures with more than one thing in them: there the *top-5 error* counts how often the right class is not among the five likeliest.',
    ],
    tasks: [
      'Do not train yet. Draw a digit: the bars are nearly the same for all classes.',
      'Train, and compare “Error, top-1 · top-5” after every epoch: of the pictures that are wrong for top-1, few are for top-5.',
      'Draw something between a 4 and a 9. The right class may be second: wrong for top-1, right for top-5.',
    ],
    after: [
      'AlexNet won ImageNet in 2012 with a top-5 error of 15.3 %; ResNet came to 3.57 % in 2015, less than what a person was measured at.',
    ],
    question: 'A network guesses blindly among the ten digits. What is its top-5 error?',
    choices: ['90 %', '50 %', '10 %', '5 %'],
    why: 'Five of ten classes are in its top five, and each is as likely to be right: half of the time the right one is missing. With 1,000 classes it would be 99.5 %.',
  },
  transfer: {
    title: 'Transfer learning: the freeze slider',
    before: [
      'Whoever has few pictures seldom starts from nothing. A network that has learnt one task already knows strokes and corners; *transfer learning* keeps these layers, the *base*, and replaces only the *head*, which decides. Here the base learns from the digits 0 to 4 and helps with 5 to 9.',
      'There are three strategies. Train everything further, from the learnt weights on. *Freeze* the first layers and train the rest. Or freeze everything but the head. A frozen layer has no gradient and stays as it is: less to reckon, less that a small data set could spoil.',
    ],
    tasks: [
      'Press Train: three epochs with the digits 0 to 4. Then open “All settings”, and under “First weights” choose “Go on from these”.',
      'Tick “Replace the head”, and choose the digits 5 to 9 as data.',
      'Train with the slider “Frozen layers” at “nothing”, then two steps to the right (both convolutions frozen), then at “all but the head”. Write down the validation accuracy of each.',
      'Compare with “Draw anew”: the same network without any help.',
    ],
    after: [
      'We got 97.8 % with nothing frozen, 98.3 % with both convolutions frozen and 69.8 % with the head alone, from a base of ten epochs; drawn anew it was 97.2 %. Strokes serve all digits, but the last layers before the head have learnt to tell 0 to 4 apart, and the head alone cannot make up for that. How far to freeze depends on how much the two tasks have in common.',
    ],
    question: 'All layers of LeNet but the head are frozen. How many parameters still learn?',
    choices: ['61,706, all of them', '10,164', '850', '10'],
    why: 'The head joins 84 inputs to 10 outputs and has 10 biases: 84·10 + 10 = 850. It stands under the slider.',
  },
};

export const en = {
  title: 'Lessons',
  documentTitle: (lesson: string) => `${lesson} · CNN playground`,
  back: 'Playground',
  list: 'All lessons',
  glossary: 'Glossary',
  themeAuto: 'Theme: as the system',
  themeLight: 'Theme: light',
  themeDark: 'Theme: dark',
  themeContrast: 'Theme: high contrast',
  switchLanguage: '한국어',
  switchLanguageLabel: 'Show the page in Korean',
  tryThis: 'Try this',
  question: 'Question',
  right: 'Right.',
  wrong: 'Not quite. Look again, then try another answer.',
  check: 'Check',
  previous: 'Lesson before',
  next: 'Next lesson',
  trainBoth: 'Train both',
  pauseBoth: 'Pause both',
  resetBoth: 'Reset both',
  sameButFor: 'The same but for:',
  norms: 'Gradient norm of each layer',
  normsEmpty: 'The bars come with the first steps.',
  normsOf: (name: string, first: string, last: string) => `${name}: first layer ${first}, last convolution ${last}`,
  normsHint: 'Tap a bar for its layer, or use the arrow keys.',
  skips: 'Skip connections',
  noSkips: 'No skip connection: nothing leads past a layer.',
  skipsOn: (on: string, all: string) => `Skip connections: ${on} of ${all} on`,
  skip: (block: string) => `Skip of block ${block}`,
  skipProjecting: (block: string) => `Skip of block ${block}, through a 1×1 convolution`,
  allOn: 'All on',
  allOff: 'All off',
  withoutSkips: (blocks: string) => `without ${blocks.includes(',') ? 'skips' : 'skip'} ${blocks}`,
  withoutAllSkips: 'without any skip',
  lessons,
};
