import { expect, test, type Page } from '@playwright/test';
import { readFileSync, writeFileSync } from 'node:fs';
import { expectNoViolations, open, state, until } from './helpers.js';

const panel = (page: Page): ReturnType<Page['locator']> => page.locator('cnp-weights-panel');

async function openPanel(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Open or save' }).click();
  await expect(panel(page).getByRole('button', { name: 'Open a file' })).toBeFocused();
  await expect(panel(page).getByRole('button', { name: 'Open a file' })).toBeInViewport();
  await expect(panel(page).locator('[data-frozen]')).toBeVisible();
}

/** Trains so many steps, one after the other. */
async function steps(page: Page, count: number): Promise<void> {
  for (let at = 1; at <= count; at += 1) {
    await page.getByRole('button', { name: 'One step' }).click();
    await until(page, ({ step }) => step === at);
  }
}

/** Some weights of a file, by name. */
function tensor(file: Uint8Array, name: string): number[] {
  const begin = 8 + Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, begin))) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  const [start = 0, end = 0] = header[name]?.data_offsets ?? [];
  return [...new Float32Array(file.slice(begin + start, begin + end).buffer)];
}

async function save(page: Page): Promise<Uint8Array> {
  const download = page.waitForEvent('download');
  await panel(page).getByRole('button', { name: 'Save weights' }).click();
  return new Uint8Array(readFileSync(await (await download).path()));
}

test('weights are saved, kept for another task with a new head and frozen layers, and opened from a file', async ({
  page,
}, info) => {
  test.setTimeout(400_000);
  const complaints = await open(page, '&dataset=digits_0_4&batch=16');
  await openPanel(page);
  await expect(panel(page).locator('[data-frozen]')).toHaveText('Every layer learns: 61,706 parameters.');
  await steps(page, 2);
  const learnt = await save(page);
  expect(tensor(learnt, 'conv2d/kernel')).toHaveLength(150);

  // What was learnt is where the next run starts from; its head is new.
  await panel(page).getByRole('button', { name: 'Go on from these' }).click();
  await expect(panel(page).locator('[data-first]')).toContainText('10 of 10 tensors from lenet on digits_0_4, step 2', {
    timeout: 120_000,
  });
  await panel(page).getByLabel('Replace the head').check();
  await expect(panel(page).locator('[data-first]')).toContainText('8 of 10 tensors');
  await page.getByLabel('Data set').selectOption('digits_5_9');
  await expect(page.locator('cnp-sample-grid .row')).toHaveCount(5, { timeout: 60_000 });

  // Everything but the head is frozen: only the head differs after a step.
  await panel(page).getByLabel('Frozen layers').fill('4');
  await expect(panel(page).locator('[data-frozen]')).toHaveText('Only dense_2 learns: 850 of 61,706 parameters.', {
    timeout: 60_000,
  });
  await expect(page).toHaveURL(/freeze_all_but=1/);
  const before = await save(page);
  await steps(page, 1);
  const after = await save(page);
  for (const name of ['conv2d/kernel', 'dense/kernel', 'dense_1/bias']) {
    expect(tensor(after, name), name).toEqual(tensor(learnt, name));
  }
  expect(tensor(after, 'dense_2/kernel')).not.toEqual(tensor(before, 'dense_2/kernel'));
  expect(tensor(before, 'dense_2/kernel')).not.toEqual(tensor(learnt, 'dense_2/kernel'));
  await expectNoViolations(page, 'weights panel');

  // The same from a file, with everything learning again; a file that is none is refused with the reason.
  await panel(page).getByLabel('Frozen layers').fill('0');
  await expect(panel(page).locator('[data-frozen]')).toContainText('Every layer learns', { timeout: 60_000 });
  const path = info.outputPath('learnt.safetensors');
  writeFileSync(path, learnt);
  await panel(page).locator('input[type=file]').setInputFiles(path);
  await expect(panel(page).locator('[data-first]')).toContainText('from learnt.safetensors', { timeout: 60_000 });
  await panel(page)
    .locator('input[type=file]')
    .setInputFiles({ name: 'no.safetensors', mimeType: '', buffer: Buffer.from('nothing') });
  await expect(page.getByRole('alert')).toContainText('not a safetensors file', { timeout: 60_000 });
  await expect(panel(page).locator('[data-first]')).toContainText('from learnt.safetensors');
  await panel(page).getByRole('button', { name: 'Draw anew' }).click();
  await expect(panel(page).locator('[data-first]')).toHaveText('Drawn from the seed.', { timeout: 60_000 });
  expect(complaints).toEqual([]);
});

test('a link names the frozen layers; the ledger says what a run costs and what is too large', async ({ page }) => {
  const complaints = await open(page, '&batch=16&freeze_all_but=1');
  expect((await state(page)).settings['freeze_all_but']).toBe(1);
  await page.getByRole('tab', { name: 'Cost' }).click();
  const run = page.locator('cnp-cost-ledger [data-cost="run"]');
  await expect(run).toContainText('Memory in all', { timeout: 60_000 });
  // 850 parameters learn, four bytes each.
  await expect(run.getByRole('row', { name: /Gradients/ })).toContainText(/ 3\.\d KB/);
  await expect(page.locator('cnp-cost-ledger [data-cost="layers"]')).toContainText('frozen');
  await expect(page.locator('cnp-cost-ledger')).toContainText('Training step: fits this adapter');
  await expectNoViolations(page, 'ledger');
  // Nothing of this size is ever allocated here.
  await page.locator('cnp-cost-ledger').getByLabel('Network').selectOption('vgg16_imagenet');
  await page.locator('cnp-cost-ledger').getByLabel('Batch').selectOption('1024');
  await expect(page.locator('cnp-cost-ledger').getByRole('alert')).toContainText('use a smaller batch', {
    timeout: 60_000,
  });
  await page.locator('cnp-cost-ledger').getByLabel('Batch').selectOption('256');
  await expect(page.locator('cnp-cost-ledger')).toContainText('does not fit this adapter', { timeout: 60_000 });
  expect(complaints).toEqual([]);
});
