/** The lessons, without their words: which playgrounds they show, and what their questions' answers are. */

/** Attributes of a `<cnn-playground>`. */
export type Attributes = Readonly<Record<string, string>>;

export type Widget =
  | { kind: 'one'; attributes: Attributes }
  /** Two runs side by side, the same but for one thing; `differs` says it, in the engine's words. */
  | { kind: 'two'; sides: readonly [Side, Side]; norms?: boolean; skips?: boolean };

export interface Side {
  differs: string;
  attributes: Attributes;
}

export interface Lesson {
  id: string;
  widget: Widget;
  /** Which of the choices is right. */
  answer: number;
}

const COMMON = { hide: 'header', batch: '64', seed: '1' } as const;
const TWIN = { hide: 'header settings', view: 'training', lock: 'all', batch: '64', seed: '1' } as const;

/** Two 3×3 convolutions and a dense layer, without and with dropout before the head, as the builder's links write them. */
const PLAIN =
  'rZLBasMwEER_pex5D7UNpeja0Fuhd2OMsNaJiCK51ipNG_zvRXacRmlScshxB-282UF72FLvtbMgMgQrNwQCPjWvXOAH1bvOBQaEtbYKBHj6CGRZSwMI2naBQezByC_qQUxCPU0IfiU7AlEWORY5ZtWA00MPotzPpMbZba4AoTHSexDwEoVFFJxt9TLat9rwuJY9Iaypt2Rqr79HbywqhE4qpe0y5ouuCLJhvZU8XgU9mQDDaGipYVI1OxBlkrYa8BhpI3d155zRdpkke5O794Oc5ouP50A55hWC514r8of5Avtw9il2kursxi6K_J5dpDdfbSNJd_8-6ixBt0Yykz1Bvv4q_x1w5qPIejpxWczzMXGwmuP_yp9v7GuO9geTNHQd9HjG8a7ljdxdQk3pq6FCcIG7EPfLI6wafgA';
const DROPOUT =
  'rZPBasMwEER_pex5KbFNS9G1obdC78YYYW0SEUVyrXWaNvjfi-zYidKk5JDjDtLM20Haw5Yar50FkSBYuSEQ8KV59aAaV7uWAWGtrQIBnj5bsqylAQRt65ZB7MHIb2pADEI5TAh-JWsCkWcpZikmRYfDQQ8i348xlbPbVAFCZaT3IOA1CPMgOLvQy2C_0Ib7a8kzwpoaS6b0-qf3xqxAqKVS2i4DX3BFkBXrreR-JWjItND1hpYqJlWyA5FHtEWHE9JG7sraOaPtMiJ7l7uPgxzzhcMjUIppgeC50Yr8Yb6QfVj7NHaQyuTGLrL0nl3EO19tI6K7fx9lEkUvjGQmexL5dlT-W-DMR5H1dOIyH-eJuLWaw_tKX27sa0SLYqbPMgUdlSmqkUwgZo9PF1wH0D_oUevX4Wdn7N4teCN3l_BH1KIrEFzLdRsc8imu6H4B';

/** One inception block between a stem and a head, small enough to train in software. */
const INCEPTION =
  'xZRBb9swDIX_C888zPYyDLoVLbDTgN0Do-BsOlWrUIYke90C__dCdrwqTg5etmBHE9bj955EHqBn57UVUBmC0J5BgZaK2xCLCC9aalDQdFLFChlA0NJ2AdQBDP1kNx6IBQT_RC2D2hY5Fjlm5YDTLx7U9jCr-8B7QKgMeQ8K7q30-UMsWGn0Lso22oTx0GeEF3bC5tHrX1F4g5sSoaW61rKLWlESgaqgexqJFTg2HQyjnnAVuH4MFtT2CFkO-JuktdYkJF_p9Zu1RstuwRP_mwlyzEsEH5yu2R-_LzQbTaa9rPC1pjPMrjY9Wkw5HNddxcVKlk83ZQlPjtemkuVLlAKLq1HmFM6T2azkKW6aTKP7tcGcXdHfzMicQcpCznZS_-mcTLfzPicX41kTRevsM1fhfzzYo_OUJl2NCU9FgYUCw7nINPjzUz9e7GxquY3yG62jd-y0oyG_Ntf8478cv8lqirJnEp-wfDH2O5m7nh3teBHDidTo4eS5iv_BLpF6YPF84qoTHeJK-bDA9bYJe3q9RDzxlUOJYLvQdvH8du5VDm8';

export const LESSONS: readonly Lesson[] = [
  {
    id: 'convolution',
    widget: { kind: 'one', attributes: { ...COMMON, model: 'lenet', view: 'network', lock: 'all' } },
    answer: 1,
  },
  {
    id: 'lenet',
    widget: { kind: 'one', attributes: { ...COMMON, model: 'lenet', view: 'draw', lock: 'model dataset' } },
    answer: 2,
  },
  {
    id: 'vanishing',
    widget: {
      kind: 'two',
      sides: [
        { differs: 'plain20', attributes: { ...TWIN, model: 'plain20' } },
        { differs: 'resnet20', attributes: { ...TWIN, model: 'resnet20' } },
      ],
      norms: true,
      skips: true,
    },
    answer: 0,
  },
  {
    id: 'small-windows',
    widget: { kind: 'one', attributes: { ...COMMON, model: 'vgg_32', view: 'network', lock: 'all' } },
    answer: 2,
  },
  {
    id: 'inception',
    widget: {
      kind: 'one',
      attributes: { ...COMMON, net: INCEPTION, view: 'network', lock: 'all' },
    },
    answer: 1,
  },
  {
    id: 'batch-norm',
    widget: {
      kind: 'two',
      sides: [
        { differs: 'vgg_32', attributes: { ...TWIN, model: 'vgg_32' } },
        { differs: 'vgg_bn_32', attributes: { ...TWIN, model: 'vgg_bn_32' } },
      ],
    },
    answer: 1,
  },
  {
    id: 'dropout',
    widget: {
      kind: 'two',
      sides: [
        { differs: 'Dropout: 0', attributes: { ...TWIN, net: PLAIN } },
        { differs: 'Dropout: 0.5', attributes: { ...TWIN, net: DROPOUT } },
      ],
    },
    answer: 2,
  },
  {
    id: 'top-five',
    widget: {
      kind: 'one',
      attributes: { ...COMMON, hide: 'header data inspector settings', model: 'lenet', lock: 'model dataset' },
    },
    answer: 1,
  },
  {
    id: 'transfer',
    widget: {
      kind: 'one',
      attributes: {
        hide: 'header draw network inspector',
        model: 'lenet',
        dataset: 'digits_0_4',
        batch: '16',
        epochs: '3',
        seed: '1',
        lock: 'model batch seed optimizer',
      },
    },
    answer: 2,
  },
];

/** What a query names for the list of all terms, which stands beside the lessons. */
export const GLOSSARY = 'glossary';

export function isGlossary(query: string): boolean {
  return new URLSearchParams(query).get('lesson') === GLOSSARY;
}

/** The lesson that a query names, else the first. */
export function lessonOf(query: string): number {
  const id = new URLSearchParams(query).get('lesson');
  return Math.max(
    0,
    LESSONS.findIndex((lesson) => lesson.id === id),
  );
}

/** What a lesson's playground is like (of two runs, the second); `null` where there is
 * no such lesson. */
export function attributesOf(id: string): Attributes | null {
  const widget = LESSONS.find((lesson) => lesson.id === id)?.widget;
  if (widget === undefined) return null;
  return widget.kind === 'one' ? widget.attributes : widget.sides[1].attributes;
}
