/** The value axis of a curve, where values may be of any size. */

/** Short enough for the margin: 0.5, 250, 2.5e4, 3e24. */
export function axisText(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e4 || size < 1e-3)) return Number(value.toPrecision(2)).toExponential().replace('+', '');
  return String(Number(value.toPrecision(4)));
}

/** Whether values rise so far above where they began that only powers of ten show both. */
export function wantsLog(values: readonly (number | null)[]): boolean {
  const some = values.filter((value): value is number => value !== null && value > 0 && Number.isFinite(value));
  const [first] = some;
  return first !== undefined && some.reduce((most, value) => Math.max(most, value), 0) > 100 * Math.max(first, 1);
}

/** Powers of ten from below the smallest to above the largest value. */
export function decadeRange(min: number, max: number): [number, number] {
  const [low, high] = [Math.floor(Math.log10(min)), Math.ceil(Math.log10(max))];
  return [10 ** low, 10 ** Math.max(high, low + 1)];
}

/** At most so many of them, evenly spaced. */
export function decades(min: number, max: number, most: number): number[] {
  const [low, high] = [Math.round(Math.log10(min)), Math.round(Math.log10(max))];
  const stride = Math.max(1, Math.ceil((high - low) / Math.max(1, most - 1)));
  return Array.from({ length: Math.floor((high - low) / stride) + 1 }, (_, i) => 10 ** (low + i * stride));
}
