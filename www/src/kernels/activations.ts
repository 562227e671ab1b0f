/** Activations and their slopes, as formulae. */
import { figure, type Equation } from './equations.js';

interface Parameters {
  /** Of leaky relu below 0. */
  slope?: number;
  /** Of elu. */
  alpha?: number;
}

/** What a layer with an activation gives: `z` is what goes into it. Without a `z` that is the layer's own input. */
export function activated(
  activation: unknown,
  at: string,
  z: string | null,
  { slope = 0.2, alpha = 1 }: Parameters = {},
): Equation[] {
  const y = `y_{${at}}`;
  const into = `${z === null ? 'x' : 'z'}_{${at}}`;
  const sum: Equation[] = z === null ? [] : [{ result: 'y', formula: `${into} = ${z}` }];
  const factor = alpha === 1 ? '' : `${figure(alpha)} · `;
  const last = at.replace(/\w+$/, 'k');
  const formula = {
    relu: `${y} = max(0, ${into})`,
    leaky_relu: `${y} = \\cases{${into} & ${into} > 0 ; ${figure(slope)} · ${into} & ${into} ≤ 0}`,
    elu: `${y} = \\cases{${into} & ${into} > 0 ; ${factor}(e^{${into}} - 1) & ${into} ≤ 0}`,
    tanh: `${y} = tanh(${into})`,
    sigmoid: `${y} = \\frac{1}{1 + e^{-${into}}}`,
    gelu: `${y} = ${into} · Φ(${into})`,
    softmax: `${y} = \\frac{e^{${into}}}{∑_k e^{${into.replace(at, last)}}}`,
    log_softmax: `${y} = ${into} - log ∑_k e^{${into.replace(at, last)}}`,
  }[String(activation)];
  if (formula !== undefined) return [...sum, { result: 'y', formula }];
  return [{ result: 'y', formula: `${y} = ${z ?? into}` }];
}

/** The gradient behind an activation: its name, `dz` or, where there is no activation, `dy` itself; and where it comes from. */
export function slopeOf(
  activation: unknown,
  at: string,
  batch: number,
  { slope = 0.2, alpha = 1, into = 'dz' }: Parameters & { into?: string } = {},
): { name: string; equations: Equation[] } {
  const [y, dy, left] = [`y_{${at}}`, `dy_{${at}}`, `${into}_{${at}}`];
  const last = at.replace(/\w+$/, 'k');
  const behind = alpha === 1 ? `${y} + 1` : `${y} + ${figure(alpha)}`;
  const formula = {
    relu: `${left} = \\cases{${dy} & ${y} > 0 ; 0 & ${y} = 0}`,
    leaky_relu: `${left} = ${dy} · \\cases{1 & ${y} > 0 ; ${figure(slope)} & ${y} ≤ 0}`,
    elu: `${left} = ${dy} · \\cases{1 & ${y} > 0 ; ${behind} & ${y} ≤ 0}`,
    tanh: `${left} = ${dy} · (1 - ${y}^2)`,
    sigmoid: `${left} = ${dy} · ${y} · (1 - ${y})`,
    gelu: `${left} = ${dy} · (Φ(x_{${at}}) + x_{${at}} · φ(x_{${at}}))`,
    softmax:
      into === 'dz'
        ? `${left} = \\frac{y_{${at}} - target_{${at}}}{${batch}}`
        : `${left} = ${y} · (${dy} - ∑_k dy_{${last}} · y_{${last}})`,
    log_softmax: `${left} = ${dy} - e^{${y}} · ∑_k dy_{${last}}`,
  }[String(activation)];
  if (formula !== undefined) return { name: into, equations: [{ result: into, formula }] };
  return { name: 'dy', equations: into === 'dz' ? [] : [{ result: 'dx', formula: `${left} = ${dy}` }] };
}

/** The layer ReLU, with all that it can: forward and back. At the ceiling the slope is 0. */
export function rectified(
  { max_value, negative_slope, threshold }: Readonly<Record<string, unknown>>,
  at: string,
): { forward: Equation[]; backward: Equation[] } {
  const [x, y, dy] = [`x_{${at}}`, `y_{${at}}`, `dy_{${at}}`];
  const ceiling = typeof max_value === 'number' ? figure(max_value) : null;
  const slope = Number(negative_slope ?? 0);
  const least = Number(threshold ?? 0);
  const past = (value: string, from: string): string =>
    ceiling === null ? `${value} > ${from}` : `${from} < ${value} < ${ceiling}`;
  const top = (result: string, condition: string): string => (ceiling === null ? '' : `${result} & ${condition} ; `);
  const beneath = least === 0 ? x : `(${x} - ${figure(least)})`;
  const low = slope === 0 ? '0' : `${figure(slope)} · ${beneath}`;
  const plain = ceiling === null ? `max(0, ${x})` : `min(max(0, ${x}), ${ceiling})`;
  const formula =
    slope === 0 && least === 0
      ? plain
      : `\\cases{${top(ceiling ?? '', `${x} ≥ ${ceiling}`)}${x} & ${past(x, figure(least))} ; ${low} & ${x} ≤ ${figure(least)}}`;
  const back = slope === 0 ? `0 & ${y} = 0` : `${figure(slope)} · ${dy} & ${y} ≤ 0`;
  return {
    forward: [{ result: 'y', formula: `${y} = ${formula}` }],
    backward: [
      {
        result: 'dx',
        formula: `dx_{${at}} = \\cases{${dy} & ${past(y, '0')} ; ${top('0', `${y} = ${ceiling}`)}${back}}`,
      },
    ],
  };
}
