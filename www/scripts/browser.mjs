/** Chromium with WebGPU on any machine: canvases are really painted, in software where there is no GPU. */
import { chromium } from 'playwright-core';

export const ARGS = [
  '--no-sandbox',
  '--disable-quic',
  '--disable-background-networking',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--use-angle=swiftshader',
];

export const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';

export function launch() {
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGS });
}

/** The element's own account of itself. */
export function stateOf(page) {
  return page.evaluate(() => document.querySelector('cnn-playground').getState());
}

export async function until(page, done, seconds, what) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const state = await stateOf(page);
    if (state.error !== null) throw new Error(`The page reports: ${state.error}`);
    if (done(state)) return state;
    if (Date.now() > end) throw new Error(`${what} took longer than ${seconds} s; state: ${JSON.stringify(state)}`);
    await page.waitForTimeout(100);
  }
}

export async function untilReady(page) {
  const state = await until(page, ({ phase }) => ['ready', 'unsupported', 'failed'].includes(phase), 60, 'Starting');
  if (state.phase !== 'ready') throw new Error(`The playground did not start: ${state.phase}`);
}

export function untilEpoch(page, epoch, seconds = 300) {
  return until(page, (state) => state.epoch >= epoch && state.validation !== null, seconds, `Epoch ${epoch}`);
}
