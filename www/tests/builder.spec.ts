import { expect, test, type Page } from '@playwright/test';
import { expectNoViolations, open, state, trainButton, until } from './helpers.js';

const card = (page: Page, layer: string): ReturnType<Page['locator']> =>
  page.locator(`cnp-builder-graph [data-layer="${layer}"]`);

test('a network is built, refused with its reason, undone, trained, and comes back from its link', async ({ page }) => {
  test.setTimeout(400_000);
  const complaints = await open(page, '&batch=64');
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await expect(card(page, 'conv2d_1')).toContainText('10×10×16', { timeout: 60_000 });
  const parameters = page.locator('cnp-network-builder dl');
  await expect(parameters).toContainText('61,706');
  await expect(page.locator('cnp-network-builder')).toContainText(
    'Until you use this network, Train goes on with lenet.',
  );

  // Numbers follow while one types.
  await card(page, 'conv2d').click();
  await page.getByLabel('filters').fill('8');
  await expect(card(page, 'conv2d')).toContainText('28×28×8');
  await page.getByLabel('kernel_size, height').fill('50');
  const why = page.locator('cnp-builder-graph .why');
  await expect(why).toContainText('window 50×5 exceeds input 32×32');
  await expect(page.getByRole('button', { name: 'Use this network' })).toBeDisabled();
  // The network that is open goes on all the while.
  expect((await state(page)).phase).toBe('ready');
  await page.keyboard.press('Control+z');
  await expect(why).toHaveCount(0);

  // Two layers change places; a sum becomes a row of channels.
  await card(page, 'max_pooling2d_1').click();
  await page.getByRole('button', { name: 'Move one earlier' }).click();
  await expect(card(page, 'conv2d_1')).toContainText('3×3×16');
  await expect(parameters).toContainText(/MACs\s*[\d,.]+.*GPU memory to train, batch 64\s*[\d.]+ MB/s);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(card(page, 'conv2d_1')).toContainText('10×10×16');
  await card(page, 'conv2d_1').click();
  await page.getByLabel('Joined by').selectOption('Concatenate');
  await page.getByRole('button', { name: /^Branch beside conv2d/ }).click();
  await expect(card(page, 'concatenate')).toContainText('10×10×32');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(card(page, 'concatenate')).toHaveCount(0);
  await page.getByLabel('Joined by').selectOption('Add');

  // A layer in a wire, a branch beside it, a wire past it, and away with the pool.
  await page.getByLabel('Insert a layer between max_pooling2d and conv2d_1').selectOption('Conv2D');
  await expect(card(page, 'conv2d_2')).toContainText('14×14×16');
  await page.getByLabel('filters').fill('8');
  await page.getByRole('button', { name: /^Branch beside conv2d/ }).click();
  await expect(card(page, 'add')).toContainText('14×14×8');
  await card(page, 'max_pooling2d').click();
  // A wire that passes other layers is drawn as such.
  const skips = page.locator('cnp-builder-graph .wires > path.lit');
  await expect(skips).toHaveCount(0);
  await page.getByLabel('Skip from max_pooling2d', { exact: true }).selectOption('add');
  await expect(card(page, 'add_1')).toContainText('14×14×8');
  await expect(skips).toHaveCount(1);
  // Nobody's model any more.
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('lenet, edited');
  await card(page, 'max_pooling2d_1').press('Delete');
  await expect(card(page, 'max_pooling2d_1')).toHaveCount(0);
  await expect(card(page, 'flatten')).toContainText('1600');
  for (let i = 0; i < 2; i += 1) await page.getByRole('button', { name: 'Undo' }).click();
  await expect(card(page, 'add_1')).toHaveCount(0);
  await page.getByRole('button', { name: 'Redo' }).click();
  await expect(card(page, 'add_1')).toBeVisible();
  await expectNoViolations(page, 'builder, en, light');
  await page.evaluate(() => {
    (document.querySelector('cnn-playground') as unknown as { setState(change: object): void }).setState({
      lang: 'ko',
      theme: 'dark',
    });
  });
  await expect(page.getByRole('heading', { name: '신경망 만들기' })).toBeVisible();
  await expectNoViolations(page, 'builder, ko, dark');

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '신경망을 JSON 파일로 저장' }).click(),
  ]);
  const file = await download.path();

  await page.getByRole('button', { name: '이 신경망 쓰기' }).click();
  await expect(page.locator('cnp-network-graph [data-layer="add_1"]')).toBeVisible({ timeout: 120_000 });
  // It is nobody's model, adapted to the data.
  const head = page.locator('cnp-network-graph header');
  await expect(head).toContainText('lenet, edited');
  await expect(head).not.toContainText('맞춤');
  await trainButton(page).click();
  await until(page, ({ step }) => step >= 3);
  await trainButton(page).click();
  await until(page, ({ playing }) => !playing);
  await expect(page).toHaveURL(/[?&]net=[\w-]{100,}/);

  await page.reload();
  await until(page, ({ phase }) => phase === 'ready', 90_000);
  await expect(page.locator('cnp-network-graph [data-layer="add_1"]')).toBeVisible();
  await expect(page.locator('cnp-page-header select')).toHaveValue('lenet, edited');

  // The saved file is the same network; a file that is none says so.
  await page.getByRole('button', { name: '편집', exact: true }).click();
  await expect(card(page, 'add_1')).toBeVisible({ timeout: 60_000 });
  const input = page.locator('cnp-network-builder input[type=file]');
  await input.setInputFiles({ name: 'no.json', mimeType: 'application/json', buffer: Buffer.from('{"version":1') });
  await expect(page.getByRole('alert')).toContainText('JSON');
  await input.setInputFiles(file);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(card(page, 'add_1')).toContainText('14×14×8');
  await page.getByRole('button', { name: '취소', exact: true }).click();
  await expect(page.locator('cnp-network-graph')).toBeVisible();
  expect(complaints).toEqual([]);
});

test('a network that cannot be read is named, and the default stands in for it', async ({ page }) => {
  const complaints = await open(page, '&net=abc');
  await expect(page.getByRole('alert')).toContainText('net: The network in the link cannot be read');
  await expect(page).not.toHaveURL(/[?&]net=/);
  // What is pressed while another run is being made is meant for that one, and the page around is told of it.
  const playing = await page.evaluate(async () => {
    const element = document.querySelector('cnn-playground') as unknown as {
      setState(change: object): void;
      play(): void;
    } & HTMLElement;
    const ready = new Promise((resolve) => element.addEventListener('ready', resolve, { once: true }));
    element.setState({ model: 'vgg_32' });
    element.play();
    await ready;
    return new Promise((resolve) => element.addEventListener('step', () => resolve(true), { once: true }));
  });
  expect(playing).toBe(true);
  const { settings } = await until(page, ({ step }) => step > 0);
  expect([settings['model'], settings['net']]).toEqual(['vgg_32', '']);
  expect(complaints).toEqual([]);
});
