/** Where a model comes from, in Korean. The registry says it in English; names of papers' authors and of code stay. */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/^course notes? ([\d, ]*\d)/, '강의 노트 $1'],
  [/, last section$/, ', 마지막 절'],
  [/^defined for the training references$/, '학습 기준값을 재려고 만든 모델'],
  [/^adapted to (\d+)x(\d+) pictures$/, '$1×$2 그림에 맞춘 모델'],
  [/^(\w+) et al\. (\d+)/, '$1 외($2)'],
  [/, section ([\d.]+)$/, ', $1절'],
];

export function sourceInKorean(source: string): string {
  return PARTS.reduce((said, [english, korean]) => said.replace(english, korean), source);
}
