/** English of the tabs that explain and dissect. */
export const en = {
  classOf: 'Class',
  predicted: (name: string) => `predicted (${name})`,
  predictedNow: 'predicted',
  failed: 'The engine could not answer:',

  cam: 'Grad-CAM',
  camHint: (layer: string) =>
    `Which places of ${layer} speak for the class: its maps, weighted by how much the class’s logit grows with each of them; only what is above 0.`,
  camElsewhere: (layer: string) => `The chosen layer has no maps; this is ${layer}.`,
  camNone: 'No layer of this network has maps.',
  camLabel: (name: string, place: string, logit: string) =>
    `Grad-CAM for class ${name}: strongest ${place}; logit ${logit}`,
  camCold: 'nothing speaks for this class',
  logit: (value: string) => `logit ${value}`,

  occlusion: 'Occlusion',
  occlusionHint: 'A grey patch slides over the picture. Bright is where covering takes the most probability away.',
  occlusionLabel: (name: string, place: string, drop: string) =>
    `Occlusion for class ${name}: the largest drop ${drop}, ${place}`,
  occlusionBase: (share: string, drop: string) => `${share} uncovered; at worst ${drop}`,
  patch: 'Patch',
  pixels: (count: string) => `${count} px`,
  slide: 'Slide',
  slideAgain: 'Slide again',
  stop: 'Stop',
  progress: (done: string, all: string) => `${done} of ${all} positions`,

  dream: 'Activation maximisation',
  dreamHint:
    'From grey noise, pixels move up the gradient of one number of the network, with a pull to grey and a little blur.',
  dreamOf: 'Maximise',
  dreamClass: 'the class',
  dreamMap: (layer: string) => `a map of ${layer}`,
  map: 'Map',
  dreamLabel: (name: string, step: string, value: string) =>
    `Picture that maximises ${name}: step ${step}, value ${value}`,
  dreamMapName: (layer: string, map: string) => `map ${map} of ${layer}`,
  dreamStep: (step: string, value: string) => `step ${step} · value ${value}`,
  start: 'Start',
  goOn: 'Go on',
  restart: 'Start over',

  place: (row: string, column: string) => `around row ${row}, column ${column}`,
  heatAt: (row: string, column: string, value: string) => `(${row}, ${column}): ${value}`,

  dissectNone: 'This network has no layer that joins branches, and no batch normalisation.',
  dissectChoose: 'There is something to dissect in:',
  branches: (layer: string) => `Branches that ${layer} joins`,
  terms: (layer: string) => `What ${layer} adds up`,
  branch: 'Switched on',
  channels: 'Channels',
  parameters: 'Parameters',
  macs: 'MACs',
  skip: (end: string) => `skip from ${end}`,
  nothingOff: 'Everything is on.',
  saved: (params: string, paramsShare: string, macs: string, macsShare: string) =>
    `Saves ${params} parameters (${paramsShare}) and ${macs} MACs (${macsShare}).`,
  branchesHint:
    'A branch that is off counts as zeros, here only: training goes on with all of them. The costs are of the layers that nothing else needs.',
  answer: 'Answer for the picture',
  answerWithout: 'Answer without what is off',
  moved: (name: string, before: string, after: string) => `Probability of ${name}: ${before} → ${after}`,
  measureAll: 'Measure on all validation pictures',
  measuring: 'Measuring…',
  score: (samples: string, before: string, after: string) => `Accuracy on ${samples} pictures: ${before} → ${after}`,

  movingLegend: 'moving statistics: what inference uses',
  batchLegend: 'statistics of the last batch: what training uses',
  noBatch: 'No batch yet: train a step.',
  atStep: (step: string) => `step ${step}`,
  mean: 'Mean μ of each channel',
  deviation: 'Standard deviation σ of each channel',
  range: (low: string, high: string) => `${low} … ${high}`,
  channelName: (channel: string) => `Channel ${channel}`,
  channelShort: 'no.',
  movingShort: 'moving',
  batchShort: 'batch',
  outMoving: 'out with moving statistics:',
  outBatch: 'out with the batch’s:',
  normHint: (momentum: string) =>
    `y = γ · (x − μ) / √(σ² + ε) + β. After every step the moving statistics keep ${momentum} of what they were and take the rest from the batch. While the dots of a channel lie apart, training and inference see different networks.`,
};
