/** Numbers and shapes as text. `locale` is a BCP 47 tag. */

export function integer(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(value);
}

/** 61,706 → 61.7k: for places without room. */
export function compact(value: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(value).toLowerCase();
}

export function percent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)}%`;
}

/** A loss: four significant digits where it is small, no jitter in width where it is not, a power of ten where it has run away. */
export function loss(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value !== 0 && (value < 0.001 || value >= 1e5)) return value.toExponential(1).replace('+', '');
  return value.toFixed(value < 10 ? 3 : 1);
}

/** `[28, 28, 6]` → `28×28×6`. */
export function shape(sides: readonly number[]): string {
  return sides.join('×');
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit] ?? ''}`;
}

/** A learning rate without noise: 0.001, 0.00032, 3.2e-7. */
export function rate(value: number): string {
  return String(Number(value.toPrecision(2)));
}

/** Seconds as 0:42, 3:07 or 1:02:30. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return (parts[0] === 0 ? parts.slice(1) : parts)
    .map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0')))
    .join(':');
}
