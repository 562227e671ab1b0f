import { expect, test, type Page } from '@playwright/test';
import { OPTIMIZERS, SCHEDULES } from '../src/state.js';
import { open, until } from './helpers.js';

const step = (page: Page): Promise<void> => page.getByRole('button', { name: 'One step', exact: true }).click();

/** The loss of the third step of a run that starts over, to all digits. */
async function thirdLoss(page: Page): Promise<number> {
  await until(page, (now) => now.phase === 'ready' && now.step === 0 && !now.playing);
  for (const count of [1, 2, 3]) {
    await step(page);
    await until(page, (now) => now.step === count);
  }
  return (await until(page, ({ loss }) => loss !== null && Number.isFinite(loss))).loss ?? NaN;
}

/** What the training step uses. */
const rate = (page: Page): Promise<number> =>
  page
    .locator('cnp-train-bar')
    .evaluate(
      (bar) => (bar as unknown as { progress: { state: { learning_rate: number } } }).progress.state.learning_rate,
    );

test('every optimiser and every regulariser trains, each in its own way', async ({ page }) => {
  test.setTimeout(300_000);
  const complaints = await open(page, '&batch=32&lr=0.01&optimizer=sgd');
  await page.getByRole('button', { name: 'All settings' }).click();
  const losses = new Map<string, number>();
  for (const optimizer of OPTIMIZERS) {
    await page.getByRole('combobox', { name: 'Optimiser', exact: true }).selectOption(optimizer);
    // Each has a rate of its own to begin with; alike, they can be told apart.
    await page.getByLabel('Learning rate', { exact: true }).fill('0.01');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/lr=0\.01/);
    losses.set(optimizer, await thirdLoss(page));
  }
  await page.getByRole('combobox', { name: 'Optimiser', exact: true }).selectOption('sgd');
  await page.getByLabel('Learning rate', { exact: true }).fill('0.01');
  await page.keyboard.press('Enter');
  // One on top of the other.
  for (const [field, value] of [
    ['L2 on kernels', '0.01'],
    ['Label smoothing', '0.1'],
    ['Clip each tensor', '0.5'],
    // Only one of the two at a time.
    ['Clip each tensor', ''],
    ['Clip all together', '0.5'],
  ] as const) {
    const input = page.getByLabel(field, { exact: true });
    await input.fill(value);
    await input.press('Enter');
    losses.set(value === '' ? 'smoothing again' : field, await thirdLoss(page));
  }
  expect(losses.get('smoothing again')).toBe(losses.get('Label smoothing'));
  losses.delete('smoothing again');
  // The first steps of momentum and Nesterov are not the same either; AdamW's decay is Adam's with less weight.
  expect(new Set(losses.values()).size, JSON.stringify([...losses])).toBe(losses.size);
  expect(complaints).toEqual([]);
});

test('every schedule moves the rate as it says, also while the run goes on', async ({ page }) => {
  const complaints = await open(page, '&batch=256&lr=0.01&optimizer=sgd&epochs=4');
  await page.getByRole('button', { name: 'All settings' }).click();
  await step(page);
  await until(page, (now) => now.step === 1);
  expect(await rate(page)).toBeCloseTo(0.01, 6);
  for (const schedule of SCHEDULES) {
    await page.getByRole('combobox', { name: 'Schedule of the rate' }).selectOption(schedule);
    if (schedule === 'step' || schedule === 'exponential') {
      const input = page.getByLabel('Over steps', { exact: true });
      await input.fill('1');
      await input.press('Enter');
    }
    const before = (await until(page, ({ playing }) => !playing)).step;
    await step(page);
    await until(page, (now) => now.step === before + 1);
    const now = await rate(page);
    if (schedule === 'constant' || schedule === 'plateau') expect(now, schedule).toBeCloseTo(0.01, 6);
    else expect(now, schedule).toBeLessThan(0.00999);
  }
  expect(complaints).toEqual([]);
});
