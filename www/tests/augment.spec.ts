import { expect, test } from '@playwright/test';
import { expectNoViolations, open, pause, trainButton, until } from './helpers.js';

test('augmentation is set, seen on the chosen picture as the GPU makes it, trained with, and in the link', async ({
  page,
}) => {
  await open(page, '&batch=64');
  await page.getByRole('button', { name: 'Augmentation' }).click();
  const view = page.locator('cnp-augment-view');
  /** How many of the eight pictures differ from the first. */
  const different = (): Promise<number> =>
    view.locator('canvas').evaluateAll((canvases) => {
      const urls = canvases.map((canvas) => (canvas as HTMLCanvasElement).toDataURL());
      return new Set(urls).size;
    });
  await expect(view.locator('canvas')).toHaveCount(8);
  await expect(view).toContainText('byte ÷ 16');
  await expect.poll(different).toBe(1);
  await view.getByLabel('rotate').click();
  await view.getByLabel('shift').click();
  await expect(page).toHaveURL(/augment=shift%2Crotate/);
  await until(page, ({ phase, settings }) => phase === 'ready' && settings['augment'] === 'shift,rotate');
  await expect.poll(different).toBe(8);
  await expectNoViolations(page, 'augmentation', ['cnn-playground', 'cnp-data-panel']);
  if (process.env['SHOTS'] !== undefined) await page.screenshot({ path: `${process.env['SHOTS']}/augment.png` });
  // A picture and its mirror image; a square of it cut out, here and there.
  for (const name of ['shift', 'rotate']) await view.getByLabel(name).uncheck();
  await view.getByLabel('flip').check();
  await until(page, ({ phase, settings }) => phase === 'ready' && settings['augment'] === 'flip');
  await expect.poll(different).toBe(2);
  await view.getByLabel('flip').uncheck();
  await view.getByLabel('cutout').check();
  await until(page, ({ phase, settings }) => phase === 'ready' && settings['augment'] === 'cutout');
  await expect.poll(different).toBeGreaterThan(2);
  await trainButton(page).click();
  await until(page, ({ step, loss }) => step > 2 && loss !== null);
  expect((await pause(page)).error).toBeNull();
});
