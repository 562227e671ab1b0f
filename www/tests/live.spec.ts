import { expect, test } from '@playwright/test';
import { expectNoViolations, open, state, trainButton, until } from './helpers.js';

test('while it trains: the time left, another rate at once, top-1 and top-5 error; a loss that stands still stops it early', async ({
  page,
}) => {
  const complaints = await open(page, '&dataset=digits_0_4&batch=128&epochs=60&early_stopping=1');
  const says = page.getByRole('status');
  await trainButton(page).click();
  await expect(says.filter({ hasText: 'epoch 1' })).toHaveCount(1);
  await expect(trainButton(page)).toContainText(/\d:\d\d left/);
  const first = await until(page, ({ validation }) => validation !== null);
  await expect(says.filter({ hasText: /validation accuracy [\d.]+%/ })).toHaveCount(1);
  await expect(page.locator('[data-stat=errors]')).toHaveText(/^[\d.]+% · [\d.]+%$/);

  // So large that the next epoch is worse. The run goes on from where it is.
  await page.getByLabel('Learning rate', { exact: true }).fill('0.2');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/lr=0\.2/);
  const end = await until(page, ({ playing }) => !playing);
  expect(end.step).toBeGreaterThan(first.step);
  expect(end.step).toBeLessThan(60 * end.stepsPerEpoch);
  await expect(says.filter({ hasText: /^\s*Stopped early after epoch [2-9]/ })).toHaveCount(1);
  const rate = await page
    .locator('cnp-train-bar')
    .evaluate((bar) => (bar as unknown as { progress: { state: { learning_rate: number } } }).progress.state);
  expect(rate.learning_rate).toBeCloseTo(0.2, 6);
  // On both curves a mark says where, to the keyboard as well; both say so in their texts.
  const [mark] = await page.locator('cnp-curve-chart .rate-mark').all();
  await expect(page.locator('cnp-curve-chart .rate-mark')).toHaveCount(2);
  await mark?.focus();
  await expect(mark?.locator('span') ?? page.locator('none')).toBeVisible();
  await expect(mark ?? page.locator('none')).toHaveText(/^\s*From step \d+ on: learning rate 0\.002\s→\s0\.2\s*$/);
  await expect(page.getByRole('img', { name: /^Accuracy at step .* learning rate 0\.002\s→\s0\.2/ })).toBeVisible();
  await expectNoViolations(page, 'a marked curve', ['cnn-playground', 'cnp-training-panel']);
  // The page says what such a rate does; that stops nothing.
  expect((await state(page)).error).toMatch(/^The loss runs away/);
  expect(complaints).toEqual([]);
});
