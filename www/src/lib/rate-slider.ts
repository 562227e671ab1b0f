/** The learning rate's slider is logarithmic. */
import { LEARNING_RATE } from '../state.js';

export const SLIDER_STEPS = 100;

export function rateToSlider(rate: number): number {
  const share = Math.log(rate / LEARNING_RATE.min) / Math.log(LEARNING_RATE.max / LEARNING_RATE.min);
  return Math.round(Math.min(1, Math.max(0, share)) * SLIDER_STEPS);
}

export function sliderToRate(position: number): number {
  const value = LEARNING_RATE.min * (LEARNING_RATE.max / LEARNING_RATE.min) ** (position / SLIDER_STEPS);
  return Number(value.toPrecision(2));
}
