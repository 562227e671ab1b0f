import { expect, test } from '@playwright/test';
import { open, state } from './helpers.js';

test('an engineer times a layer’s kernels and races their variants', async ({ page }) => {
  // Every variant is compiled and timed; on software that may take minutes.
  test.setTimeout(600_000);
  const complaints = await open(page);
  await page.locator('[data-layer="conv2d_1"]').click();
  await page.getByRole('tab', { name: 'WGSL' }).click();
  const view = page.locator('cnp-kernel-race');
  await view.getByRole('button', { name: 'Time these kernels' }).click();
  await expect(view).toContainText(/of a step’s [\d.]+ (m?s|µs): [\d.]+%/, { timeout: 180_000 });
  const rows = view.locator('table.times tbody tr');
  await expect(rows.first()).toContainText(/\d (m?s|µs)/);
  // Multiplications a second, from the plan's own count.
  expect(Number(await rows.first().getByRole('cell').nth(1).textContent())).toBeGreaterThan(0);
  await expect(view).toContainText(/Times by the GPU’s own clock|This GPU tells no time/);

  await view.getByRole('button', { name: 'Race all variants' }).click();
  await expect(view.getByRole('button', { name: 'Race all variants' })).toBeVisible({ timeout: 360_000 });
  const forward = view.getByRole('region', { name: 'Forward' });
  await expect(forward).toContainText('plain');
  await expect(forward.locator('.name')).not.toHaveCount(1);
  await expect(forward.locator('.name.chosen')).toHaveCount(1);
  await expect(forward).toContainText(/measured at [\d.]+ GFLOP\/s and [\d.]+ GB\/s/);
  await expect(view.getByRole('region', { name: 'Backward' })).toContainText('plain');
  // A race can be called off.
  await view.getByRole('button', { name: 'Race all variants' }).click();
  await view.getByRole('button', { name: 'Stop' }).click();
  await expect(view.getByRole('button', { name: 'Race all variants' })).toBeVisible();
  expect((await state(page)).step).toBe(0);
  expect(complaints).toEqual([]);
});
