/** Pause is an answer, not a wish: it comes with the end of the step that is being computed. */
import { expect, test, type Page } from '@playwright/test';
import { open, state, trainButton, until } from './helpers.js';

/** Longest wait between the end of the current step and the answer. */
const ANSWER_MS = 100;

interface Pause {
  /** Steps that ended between the call and the answer. */
  steps: number;
  /** From the last of them to the answer; from the call to the answer where none was under way. */
  answeredAfter: number;
}

interface Playground extends EventTarget {
  play(): void;
  pause(): Promise<void>;
  getState(): { step: number; stepsPerEpoch: number; validation: unknown };
}

/** Plays, pauses that long after the first step to come, and plays on: `count` times. */
function pauses(page: Page, count: number): Promise<Pause[]> {
  return page.evaluate(async (count) => {
    const element = document.querySelector('cnn-playground') as unknown as Playground;
    const list: Pause[] = [];
    for (let round = 0; round < count; round += 1) {
      const begun = new Promise((resolve) => element.addEventListener('step', resolve, { once: true }));
      element.play();
      await begun;
      // Never at the same place of a step.
      await new Promise((resolve) => setTimeout(resolve, 300 + 97 * round));
      const from = element.getState().step;
      let ended = performance.now();
      const tell = (): void => {
        ended = performance.now();
      };
      element.addEventListener('step', tell);
      await element.pause();
      element.removeEventListener('step', tell);
      list.push({ steps: element.getState().step - from, answeredAfter: performance.now() - ended });
    }
    return list;
  }, count);
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? NaN;

test('a pause answers within 100 ms of the current step, and starts no other', async ({ page }) => {
  // A step of the largest batch takes long enough in software that no report of one is held back for the next.
  await open(page, '&batch=128');
  const list = await pauses(page, 9);
  const description = list
    .map(({ steps, answeredAfter }) => `${answeredAfter.toFixed(0)} ms, ${steps} step`)
    .join('; ');
  test.info().annotations.push({ type: 'pauses', description });
  for (const { steps } of list) expect(steps).toBeLessThanOrEqual(1);
  // The median: on a machine whose cores all compute shaders, a message may have to wait for one of them.
  expect(median(list.map(({ answeredAfter }) => answeredAfter))).toBeLessThan(ANSWER_MS);
  const { step: at } = await state(page);
  await page.waitForTimeout(500);
  expect((await state(page)).step).toBe(at);
});

test('a pause before the kernels are compiled does not wait for them', async ({ page }) => {
  await open(page);
  const waits = await page.evaluate(async () => {
    const element = document.querySelector('cnn-playground') as unknown as Playground;
    const list: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const from = performance.now();
      element.play();
      await element.pause();
      list.push(performance.now() - from);
    }
    return list;
  });
  test
    .info()
    .annotations.push({ type: 'pauses', description: waits.map((wait) => `${wait.toFixed(0)} ms`).join('; ') });
  expect(median(waits)).toBeLessThan(ANSWER_MS);
  expect((await state(page)).step).toBe(0);
});

test('a pause does not wait for the validation, which goes on; a reset ends it', async ({ page }) => {
  await open(page, '&batch=128');
  await trainButton(page).click();
  const { stepsPerEpoch } = await state(page);
  /** What is known of the validation when the pause is answered. */
  const pauseAtEpoch = (epoch: number): Promise<unknown> =>
    page.evaluate(
      (last) =>
        new Promise<unknown>((resolve) => {
          const element = document.querySelector('cnn-playground') as unknown as Playground;
          element.addEventListener('step', function tell() {
            if (element.getState().step < last) return;
            element.removeEventListener('step', tell);
            void element.pause().then(() => resolve(element.getState().validation));
          });
        }),
      epoch * stepsPerEpoch,
    );
  expect(await pauseAtEpoch(1)).toBeNull();
  await until(page, ({ validation }) => validation !== null);
  expect((await state(page)).step).toBe(stepsPerEpoch);

  await trainButton(page).click();
  await pauseAtEpoch(2);
  await page.getByRole('button', { name: 'Reset' }).click();
  await until(page, ({ step }) => step === 0);
  await page.waitForTimeout(1500);
  expect((await state(page)).validation).toBeNull();
});
