/** What a training step computes beside the layers: its batch, the loss, the update. */
import type { DispatchInfo, NetworkInfo, OptimizerConfig } from '../engine/api.js';
import { figure, sum, type Equation, type Equations } from './equations.js';

const ADAM = '\\frac{\\sqrt{1 - β_2^t}}{1 - β_1^t} · \\frac{m}{\\sqrt{v} + ε}';

/** Of the update, by its entry point; `g` is the gradient with the regularisers' share, `lr` the rate of the step `t`. */
function updatesOf(entryPoint: string, { algorithm, nesterov }: OptimizerConfig): readonly string[] {
  switch (entryPoint) {
    case 'sgd':
      return ['p ← p - lr · g'];
    case 'sgd_momentum':
      return ['m ← momentum · m - lr · g', nesterov === true ? 'p ← p + momentum · m - lr · g' : 'p ← p + m'];
    case 'adam':
      return [
        'm ← β_1 · m + (1 - β_1) · g',
        'v ← β_2 · v + (1 - β_2) · g^2',
        // Of AdamW the decay is no part of the gradient, and so of neither m nor v.
        `p ← p${algorithm === 'adamw' ? ' - lr · decay · p' : ''} - lr · ${ADAM}`,
      ];
    case 'rmsprop':
      return ['v ← ρ · v + (1 - ρ) · g^2', 'm ← momentum · m + lr · \\frac{g}{\\sqrt{v + ε}}', 'p ← p - m'];
    default:
      return [];
  }
}

const batchOf = (scale: number): Equation => ({
  result: 'x',
  // Bytes are divided by whole numbers, as a rule.
  formula: `x_{n,h,w,c} = \\frac{byte_{index_n,h,w,c}}{${figure(1 / scale)}}`,
});

const loss = (batch: number, classes: number): readonly Equation[] => [
  { result: 'logits', formula: `p_{n,c} = \\frac{e^{z_{n,c}}}{${sum('k', classes)} e^{z_{n,k}}}` },
  {
    result: 'samples',
    formula: `loss = -\\frac{1}{${batch}} ${sum('n', batch)}${sum('c', classes)} target_{n,c} · log(p_{n,c})`,
  },
  { result: 'dlogits', formula: `dz_{n,c} = \\frac{p_{n,c} - target_{n,c}}{${batch}}` },
];

export function stepEquations(
  network: NetworkInfo,
  dispatches: readonly DispatchInfo[],
  { batch, scale, optimizer }: { batch: number; scale: number; optimizer: OptimizerConfig },
): Equations {
  const uses = (shader: string): boolean => dispatches.some((dispatch) => dispatch.shader === shader);
  const head = network.layers.find(({ name }) => name === network.outputs.at(-1));
  const updates = dispatches
    .filter(({ shader }) => shader === 'optimizer.wgsl')
    .flatMap(({ entry_point: name }) => updatesOf(name, optimizer));
  return {
    forward: uses('gather.wgsl') ? [batchOf(scale)] : [],
    backward: [
      ...(uses('cross_entropy.wgsl') ? loss(batch, head?.output_shape.at(-1) ?? 1) : []),
      ...[...new Set(updates)].map((formula): Equation => ({ result: 'parameters', formula })),
    ],
    tensors: [{ name: 'x', sides: [batch, ...network.input.shape] }],
    notes: ['gradient'],
  };
}
