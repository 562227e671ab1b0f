/** Trains in the served page in a browser without a window, as a student would: presses Train and watches.
 *
 *   node scripts/play-headless.mjs --url http://localhost:4173/ --out play.png [--epochs 10] [--seed 1] */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { launch, stateOf, untilReady } from './browser.mjs';

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    out: { type: 'string' },
    epochs: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
  },
});
const epochs = Number(values.epochs);
if (values.url === undefined || values.out === undefined || !(epochs >= 1)) {
  console.error('usage: node scripts/play-headless.mjs --url URL --out PNG [--epochs 10] [--seed 1]');
  process.exit(2);
}

/** Longest time without a new step before something must be wrong. */
const PATIENCE_MS = 60_000;
const live = process.stdout.isTTY === true;

function bar(share) {
  const width = 28;
  const full = Math.round(share * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}

const percent = (value) => (value === null ? '–' : `${(100 * value).toFixed(2)}%`);

function line({ step, stepsPerEpoch, loss, validation, samplesPerSecond }) {
  const all = epochs * stepsPerEpoch;
  const words = [
    bar(Math.min(1, step / all)),
    // The epoch that the last of these steps belongs to.
    `epoch ${Math.min(Math.max(1, Math.ceil(step / stepsPerEpoch)), epochs)}/${epochs}`,
    `step ${step}/${all}`,
    `loss ${loss === null ? '–' : loss.toFixed(4)}`,
    `validation ${percent(validation?.accuracy ?? null)}`,
    `${Math.round(samplesPerSecond)} samples/s`,
  ];
  return words.join('  ');
}

async function train(page) {
  const start = Date.now();
  let last = { step: -1, validationEpoch: 0, time: start };
  for (;;) {
    const state = await stateOf(page);
    if (state.error !== null) throw new Error(`The page reports: ${state.error}`);
    if (state.step !== last.step) {
      if (live) process.stdout.write(`\r\x1b[K${line(state)}`);
      last = { ...last, step: state.step, time: Date.now() };
    } else if (Date.now() - last.time > PATIENCE_MS) {
      throw new Error(`No step for ${PATIENCE_MS / 1000} s: ${JSON.stringify(state)}`);
    }
    if (!live && state.validationEpoch > last.validationEpoch) {
      console.log(`epoch ${state.validationEpoch}/${epochs}  validation ${percent(state.validation.accuracy)}`);
      last.validationEpoch = state.validationEpoch;
    }
    if (state.validationEpoch >= epochs && !state.playing) return { state, seconds: (Date.now() - start) / 1000 };
    await page.waitForTimeout(100);
  }
}

const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  const url = new URL(values.url);
  url.searchParams.set('v', '1');
  url.searchParams.set('seed', values.seed);
  await page.goto(url.href);
  await untilReady(page);
  await page.evaluate((last) => {
    const element = document.querySelector('cnn-playground');
    element.addEventListener('epoch', ({ detail }) => {
      if (detail.validationEpoch >= last) void element.pause();
    });
  }, epochs);
  await page.locator('cnp-train-bar .train').click();
  const { state, seconds } = await train(page);
  await page.waitForTimeout(600);
  await mkdir(path.dirname(path.resolve(values.out)), { recursive: true });
  await page.screenshot({ path: values.out });
  if (live) process.stdout.write('\n');
  console.log(
    `validation accuracy ${percent(state.validation.accuracy)} after ${epochs} epochs, ${seconds.toFixed(1)} s, seed ${values.seed}`,
  );
  console.log(`screenshot: ${path.resolve(values.out)}`);
} finally {
  await browser.close();
}
