import { expect, test } from '@playwright/test';
import { painted, open, state, trainButton, until } from './helpers.js';

test('Grad-CAM, occlusion and maximisation explain the answer for a class', async ({ page }) => {
  const complaints = await open(page, '&batch=32');
  await trainButton(page).click();
  await until(page, ({ step }) => step > 40);
  await trainButton(page).click();
  await until(page, ({ playing }) => !playing);

  await page.getByRole('tab', { name: 'Explain' }).click();
  const view = page.locator('cnp-explain-view');
  const cam = view.getByRole('img', { name: /^Grad-CAM for class \d: strongest around row \d+, column \d+/ });
  await expect(cam).toBeVisible();
  await painted(page, cam, 20);
  const before = await state(page);
  // Another class, another map.
  const label = await cam.getAttribute('aria-label');
  await view.getByRole('combobox', { name: 'Class', exact: true }).selectOption('8');
  await expect(view.getByRole('img', { name: /^Grad-CAM for class 8/ })).toBeVisible();
  expect(label).not.toBeNull();
  await page.locator('[data-layer="dense"]').click();
  await expect(view).toContainText('The chosen layer has no maps');
  await view.getByRole('combobox', { name: 'Class', exact: true }).selectOption('-1');

  await view.getByRole('button', { name: 'Slide', exact: true }).click();
  await expect(view.getByRole('button', { name: 'Slide again' })).toBeEnabled();
  await expect(view).toContainText(/[\d.]+% uncovered; at worst [\d.]+%/);
  await painted(page, view.locator('[data-paint=slide]'), 20);

  await view.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(view).toContainText(/step (8|12|16|20|24) /);
  await view.getByRole('button', { name: 'Stop' }).click();
  await expect(view.getByRole('button', { name: 'Go on' })).toBeEnabled();
  const value = async (): Promise<number> =>
    Number(/value (-?[\d.]+)/.exec((await view.getByText(/step \d+ ·/).textContent()) ?? '')?.[1]);
  const first = await value();
  await view.getByRole('button', { name: 'Go on' }).click();
  await expect.poll(value).toBeGreaterThan(first);
  await view.getByRole('button', { name: 'Stop' }).click();
  await expect(view.getByRole('button', { name: 'Go on' })).toBeEnabled();

  // Nothing was learnt from all that.
  const after = await state(page);
  expect([after.step, after.loss]).toEqual([before.step, before.loss]);
  expect(complaints).toEqual([]);
});
