/** What a batch normalisation makes of a channel, from the numbers that the engine gives. */
import type { NormReading } from './questions.js';

export interface Channel {
  channel: number;
  gamma: number;
  beta: number;
  moving: Moments;
  batch: Moments | null;
  /** Mean and spread of what comes out for the picture, with each of the two. */
  withMoving: Moments;
  withBatch: Moments | null;
}

export interface Moments {
  mean: number;
  deviation: number;
}

const at = (values: Float32Array | null, channel: number, otherwise: number): number =>
  values === null ? otherwise : (values[channel] ?? Number.NaN);

/** Mean and deviation of one channel's values. */
function spread(values: Float32Array, channel: number, channels: number): Moments {
  let [count, sum] = [0, 0];
  for (let i = channel; i < values.length; i += channels) {
    sum += values[i] ?? 0;
    count += 1;
  }
  const mean = sum / count;
  let squares = 0;
  for (let i = channel; i < values.length; i += channels) squares += ((values[i] ?? 0) - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / count) };
}

/** y = γ · (x − μ) / √(σ² + ε) + β, for every channel and with either μ and σ². */
export function channelsOf(reading: NormReading, epsilon: number): Channel[] {
  const { movingMean, movingVariance, batch, input } = reading;
  const channels = movingMean.length;
  return Array.from(movingMean, (_, channel) => {
    const gamma = at(reading.gamma, channel, 1);
    const beta = at(reading.beta, channel, 0);
    const seen = spread(input, channel, channels);
    const out = (mean: number, variance: number): Moments => {
      const scale = gamma / Math.sqrt(variance + epsilon);
      return { mean: scale * (seen.mean - mean) + beta, deviation: Math.abs(scale) * seen.deviation };
    };
    const [mean, variance] = [at(movingMean, channel, 0), at(movingVariance, channel, 1)];
    const [ofBatch, variance2] = batch === null ? [0, 1] : [at(batch.mean, channel, 0), at(batch.variance, channel, 1)];
    return {
      channel,
      gamma,
      beta,
      moving: { mean, deviation: Math.sqrt(variance) },
      batch: batch === null ? null : { mean: ofBatch, deviation: Math.sqrt(variance2) },
      withMoving: out(mean, variance),
      withBatch: batch === null ? null : out(ofBatch, variance2),
    };
  });
}
