import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { expectNoViolations, open, state, trainButton, until } from './helpers.js';

const select = (page: Page): Locator => page.getByRole('combobox', { name: 'Data set' });
const ownData = (page: Page): Locator => page.locator('cnp-own-data');

/** Class folders of pictures that a network can tell apart, with what people leave beside them. */
async function folder(page: Page, at: string): Promise<string> {
  const root = join(at, 'flags');
  const painted = await page.evaluate(() => {
    const paint = (kind: number, at: number): string => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [60, 40];
      const context = canvas.getContext('2d');
      if (context === null) throw new Error('no 2d context');
      context.fillStyle = `hsl(${40 * at} 40% 30%)`;
      context.fillRect(0, 0, 60, 40);
      context.fillStyle = '#fff';
      if (kind === 0) context.fillRect(14 + 2 * at, 0, 8, 40);
      if (kind === 1) context.fillRect(0, 4 + 2 * at, 60, 8);
      if (kind === 2) context.fillRect(16 + at, 8 + at, 16, 16);
      return canvas.toDataURL('image/png').split(',')[1] ?? '';
    };
    return [0, 1, 2].map((kind) => Array.from({ length: 12 }, (_, at) => paint(kind, at)));
  });
  for (const [kind, name] of ['세로', 'across', 'square'].entries()) {
    await mkdir(join(root, name), { recursive: true });
    for (const [at, text] of (painted[kind] ?? []).entries()) {
      await writeFile(join(root, name, `${String(at)}.png`), Buffer.from(text, 'base64'));
    }
  }
  await writeFile(join(root, 'across', 'broken.jpg'), 'no picture');
  await writeFile(join(root, 'square', 'notes.txt'), 'nor this');
  await writeFile(join(root, 'beside.png'), Buffer.from(painted[0]?.[0] ?? '', 'base64'));
  return root;
}

async function openDialog(page: Page): Promise<void> {
  await select(page).selectOption('own');
  await expect(ownData(page).getByRole('dialog')).toBeVisible();
}

test('class folders become a data set that a network learns, that comes back on another day, and that a file carries elsewhere', async ({
  page,
}, info) => {
  const complaints = await open(page, '&batch=128');
  const root = await folder(page, info.outputDir);
  await openDialog(page);
  // Opening is not choosing: the digits stay until there is something else.
  await expect(select(page)).toHaveValue('digits');
  await ownData(page).locator('#folder').setInputFiles(root);
  await expect(ownData(page)).toContainText('37 pictures of 3 classes');
  await expect(ownData(page)).toContainText('in no folder of a class: 1.');
  const seen = ownData(page).locator('canvas[data-class="세로"]');
  await expect.poll(() => seen.evaluate((canvas: HTMLCanvasElement) => canvas.width)).toBe(32);
  await ownData(page).getByLabel('Size', { exact: true }).selectOption('64');
  await expect.poll(() => seen.evaluate((canvas: HTMLCanvasElement) => canvas.width)).toBe(64);
  await expect(ownData(page).locator('[data-other]')).toHaveCount(0);
  // LeNet is not made for photographs: what comes in its place is said before.
  await ownData(page).getByLabel('Size', { exact: true }).selectOption('224');
  await expect(ownData(page).locator('[data-other]')).toContainText('lenet is made for');
  await ownData(page).getByLabel('Size', { exact: true }).selectOption('32');
  await expectNoViolations(page, 'what was found', ['cnn-playground', 'cnp-data-panel', 'cnp-own-data', 'dialog']);
  await ownData(page).getByRole('button', { name: 'Train with 37 pictures' }).click();

  await until(page, ({ settings, phase }) => phase === 'ready' && String(settings['dataset']).startsWith('own:flags:'));
  await expect(ownData(page).getByRole('alert')).toContainText('across/broken.jpg');
  await expectNoViolations(page, 'sets of one’s own', ['cnn-playground', 'cnp-data-panel', 'cnp-own-data', 'dialog']);
  await expect(ownData(page)).toContainText('36 pictures now lie in this browser.');
  await ownData(page).getByRole('button', { name: 'Go on' }).click();
  await expect(ownData(page)).toHaveCount(0);
  await expect(select(page)).toContainText('flags 32×32');
  const { settings } = await state(page);
  const name = String(settings['dataset']);
  // There are fewer pictures than a batch of before.
  expect(settings).toMatchObject({ batch: 16 });
  await expect(select(page)).toHaveValue(name);
  await expect(page.locator('cnp-data-panel')).toContainText('29 to learn from, 7 to check with');
  await expect(page.locator('cnp-probability-bars')).toContainText('세로');
  await expect(page.locator('cnp-sample-grid .row')).toHaveCount(3);
  await trainButton(page).click();
  const trained = await until(page, ({ epoch }) => epoch >= 3);
  expect(trained.loss).toBeLessThan(2);
  expect(trained.validation?.accuracy).toBeGreaterThanOrEqual(0);

  // On another day.
  await page.goto('about:blank');
  await page.goto(`./?v=1&lang=en&theme=light&batch=8&dataset=${encodeURIComponent(name)}`);
  await until(page, ({ phase }) => phase === 'ready', 60_000);
  expect((await state(page)).settings['dataset']).toBe(name);
  await expect(page.locator('cnp-probability-bars')).toContainText('세로');

  // As a file, which an address opens in another browser as well.
  await openDialog(page);
  const coming = page.waitForEvent('download');
  await ownData(page).getByRole('button', { name: 'Save flags as' }).click();
  const saved = await (await coming).path();
  await page.keyboard.press('Escape');
  await page.route('**/course/flags.safetensors', async (route) => route.fulfill({ body: await readFile(saved) }));
  await page.goto('./?v=1&lang=en&theme=light&dataset=../flags.safetensors');
  const opened = await until(page, ({ phase, error }) => phase === 'ready' && error !== null, 60_000);
  expect(opened.settings).toMatchObject({ dataset: '../flags.safetensors', batch: 16 });
  expect(opened.error).toContain('larger than the 29 training samples of "flags.safetensors"');
  expect(opened.error).toContain('16 is used instead');
  await expect(page.locator('cnp-probability-bars')).toContainText('세로');
  await expect(page.locator('cnp-data-panel')).toContainText('29 to learn from, 7 to check with');
  expect(complaints).toEqual([]);
});

test('a file of pictures is opened or refused by name; what is gone says how to get it back', async ({ page }) => {
  await open(page);
  await openDialog(page);
  const file = ownData(page).locator('#file');
  const give = (name: string, buffer: Buffer): Promise<void> =>
    file.setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
  await give('broken.safetensors', Buffer.from('no such file at all'));
  await expect(ownData(page).getByRole('alert')).toContainText('broken.safetensors: ');
  await give('digits.csv', Buffer.from('1 2 3'));
  await expect(ownData(page).getByRole('alert')).toContainText('"digits.csv" cannot be opened');
  await give('fine_label_names.txt', Buffer.from('apple'));
  await expect(ownData(page).getByRole('alert')).toContainText('choose it together with the .bin files');

  const records = Array.from({ length: 40 }, (_, at) => [at % 4, ...Array<number>(3072).fill(6 * at)]).flat();
  await give('data_batch_1.bin', Buffer.from(records.slice(1)));
  await expect(ownData(page).getByRole('alert')).toContainText('no records of 3073');
  await give('data_batch_1.bin', Buffer.from(records));
  const cifar = await until(page, ({ settings }) => String(settings['dataset']).startsWith('own:CIFAR-10:32x32x3:10:'));
  await until(page, ({ phase }) => phase === 'ready');
  expect(cifar.error).toBeNull();
  await expect(page.locator('cnp-data-panel')).toContainText('32 to learn from, 8 to check with');
  await openDialog(page);

  const response = await page.request.get('./data/digits.safetensors');
  await give('mine.safetensors', await response.body());
  await until(page, ({ settings, phase }) => phase === 'ready' && String(settings['dataset']).startsWith('own:mine:'));
  await expect(ownData(page)).toHaveCount(0);
  await expect(page.locator('cnp-data-panel')).toContainText('1,438 to learn from');
  const name = String((await state(page)).settings['dataset']);

  // All that lie in this browser are in the menu.
  await select(page).focus();
  await expect(select(page).getByRole('option', { name: 'CIFAR-10 32×32' })).toBeAttached();
  // Back to the built-in set, so that it may be deleted: asked first.
  await select(page).selectOption('digits');
  await until(page, ({ settings }) => settings['dataset'] === 'digits');
  await openDialog(page);
  await ownData(page).getByRole('button', { name: 'Delete mine from' }).click();
  await expect(ownData(page).getByRole('alert')).toContainText('Saved runs on it need it');
  await ownData(page).locator('.danger').click();
  await expect(ownData(page).getByRole('listitem')).toHaveCount(1);
  await expect(ownData(page).getByRole('listitem')).toContainText('CIFAR-10');

  await page.goto(`./?v=1&lang=en&theme=light&dataset=${encodeURIComponent(name)}`);
  const instead = await until(page, ({ phase, error }) => phase === 'ready' && error !== null, 60_000);
  expect(instead.settings['dataset']).toBe('digits');
  expect(instead.error).toContain('"mine" do not lie in this browser');
  await page.route('**/missing.safetensors', (route) => route.fulfill({ status: 404 }));
  await page.goto('./?v=1&lang=ko&theme=light&dataset=missing.safetensors');
  const missing = await until(page, ({ error }) => error?.includes('대신 digits 사용') ?? false, 60_000);
  expect(missing.error).toContain('링크의 dataset=missing.safetensors');
  expect(missing.error).toContain('missing.safetensors 파일을 불러오지 못했습니다. (HTTP 404)');
});
