import { expect, test } from '@playwright/test';
import { painted, open, state, until } from './helpers.js';

test('a residual block’s branches are switched off, a batch normalisation is put under the microscope', async ({
  page,
}) => {
  const complaints = await open(page, '&model=resnet8&batch=8');
  await page.getByRole('tab', { name: 'Dissect' }).click();
  const view = page.locator('cnp-dissect-view');
  await expect(view).toContainText('There is something to dissect in:');
  await view.getByRole('button', { name: 'add', exact: true }).click();
  await expect(view.getByRole('heading', { name: 'What add adds up' })).toBeVisible();
  await expect(view).toContainText('Everything is on.');
  const bars = view.locator('cnp-probability-bars');
  await expect(bars.locator('.share').first()).toContainText('%');
  const shares = async (): Promise<string> => (await bars.locator('.share').allTextContents()).join();
  const before = await shares();
  await view
    .getByRole('checkbox', { name: /^(?!skip)/ })
    .first()
    .uncheck();
  await expect(view.getByRole('status')).toContainText(/Saves [\d,]+ parameters \([\d.]+%\) and [\d.]+[km] MACs/);
  await expect.poll(shares).not.toBe(before);
  await view.getByRole('button', { name: 'Measure on all validation pictures' }).click();
  await expect(view).toContainText(/Accuracy on 359 pictures: [\d.]+% → [\d.]+%/, { timeout: 90_000 });

  await page.locator('[data-layer="batch_normalization"]').click();
  await expect(view).toContainText('No batch yet');
  await expect(view.getByRole('row')).toHaveCount(17);
  await page.getByRole('button', { name: 'One step' }).click();
  await until(page, ({ step }) => step === 1);
  await expect(view).toContainText('step 1');
  // After one step, moving statistics are still near 0 and 1: the batch's are others.
  const cells = await view.getByRole('row').nth(3).getByRole('cell').allTextContents();
  expect(Number(cells[1])).not.toBeCloseTo(Number(cells[0]), 3);
  await view.getByRole('row').nth(3).hover();
  await expect(view.getByRole('heading', { name: 'Channel 2' })).toBeVisible();
  await expect(view.locator('[data-channel="2"]')).toContainText('out with moving statistics:');
  await painted(page, view.locator('svg').first(), 5);
  expect((await state(page)).step).toBe(1);
  expect(complaints).toEqual([]);
});
