import { expect, test, type JSHandle, type Locator, type Page } from '@playwright/test';
import { expectNoViolations, open } from './helpers.js';

/** A red PNG with a blue stripe, wider than high. */
function png(page: Page): Promise<Buffer> {
  return page
    .evaluate(() => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [90, 60];
      const context = canvas.getContext('2d');
      if (context === null) throw new Error('no 2d context');
      context.fillStyle = '#ff2000';
      context.fillRect(0, 0, 90, 60);
      context.fillStyle = '#0020ff';
      context.fillRect(40, 0, 20, 60);
      return canvas.toDataURL('image/png').split(',')[1] ?? '';
    })
    .then((text) => Buffer.from(text, 'base64'));
}

test('an own picture goes through the network; each step of its preparation can be changed and is answered', async ({
  page,
}) => {
  await open(page, '&dataset=shapes');
  await page.getByRole('button', { name: 'Own picture' }).click();
  const view = page.locator('cnp-own-picture');
  const file = view.locator('input[type=file]');
  await file.setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') });
  await expect(view.getByRole('alert')).toContainText('note.txt is no picture');
  const bars = (): Promise<number[]> =>
    page
      .locator('cnp-probability-bars')
      .evaluate((element) => [...((element as unknown as { probabilities: Float32Array | null }).probabilities ?? [])]);
  await expect.poll(async () => (await bars()).length).toBe(10);
  const before = await bars();
  await file.setInputFiles({ name: 'stripe.png', mimeType: 'image/png', buffer: await png(page) });
  await expect(view.getByRole('alert')).toHaveCount(0);
  await expect(view).toContainText('your picture, 90×60');
  await expect(view).toContainText('numbers from 0 to 1');
  await expect(page.locator('cnp-draw-panel')).toContainText('Prediction your picture');
  // The answer to the sample before gives way to the picture's.
  await expect.poll(bars).not.toEqual(before);
  const usual = await bars();
  // The middle of it is as high as wide; stretched, all of it is seen.
  await view.getByLabel('To size', { exact: true }).selectOption('stretch');
  await expect.poll(bars).not.toEqual(usual);
  await view.getByLabel('To size', { exact: true }).selectOption('crop');
  await expect.poll(bars).toEqual(usual);
  await view.getByLabel('Channels', { exact: true }).selectOption('BGR');
  await expect(view).toContainText('watch the prediction');
  await expect.poll(bars).not.toEqual(usual);
  await view.getByLabel('Numbers', { exact: true }).selectOption('mean');
  await expect(view).toContainText(/numbers from -1\d\d/);
  await expectNoViolations(page, 'own picture', ['cnn-playground', 'cnp-draw-panel']);
  if (process.env['SHOTS'] !== undefined) await page.screenshot({ path: `${process.env['SHOTS']}/picture.png` });

  // By paste, on the network with one channel.
  await page.getByRole('combobox', { name: 'Data set' }).selectOption('digits');
  await expect(view).toContainText('One channel');
});

test('an own picture by drop and by paste; what is no picture is refused, and what is written into a field is not taken', async ({
  page,
}) => {
  await open(page, '&dataset=shapes');
  await page.getByRole('button', { name: 'Own picture' }).click();
  const view = page.locator('cnp-own-picture');
  const bytes = [...(await png(page))];
  const transfer = (name: string, type: string, content: number[]): Promise<JSHandle<DataTransfer>> =>
    page.evaluateHandle(
      ([name, type, content]) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(content)], name, { type }));
        return data;
      },
      [name, type, content] as const,
    );
  const paste = (target: Locator, data: JSHandle<DataTransfer>): Promise<void> =>
    target.evaluate((element, clipboardData) => {
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, composed: true }));
    }, data);

  const zone = view.locator('.drop');
  const picture = await transfer('stripe.png', 'image/png', bytes);
  await zone.dispatchEvent('dragover', { dataTransfer: picture });
  await expect(zone).toHaveClass(/over/);
  await zone.dispatchEvent('drop', { dataTransfer: picture });
  await expect(zone).not.toHaveClass(/over/);
  await expect(view).toContainText('your picture, 90×60');
  await expect(page.locator('cnp-draw-panel')).toContainText('Prediction your picture');

  const note = await transfer('note.txt', 'text/plain', [104, 105]);
  await paste(page.locator('body'), note);
  await expect(view.getByRole('alert')).toContainText('note.txt is no picture');
  // The one before stays, and what is pasted into a field is meant for the field.
  await expect(view).toContainText('your picture, 90×60');
  await paste(page.getByRole('textbox', { name: 'Seed', exact: true }), picture);
  await expect(view.getByRole('alert')).toBeVisible();
  await paste(page.locator('body'), picture);
  await expect(view.getByRole('alert')).toHaveCount(0);
  const empty = await page.evaluateHandle(() => new DataTransfer());
  await zone.dispatchEvent('drop', { dataTransfer: empty });
  await expect(view.getByRole('alert')).toBeVisible();
});
