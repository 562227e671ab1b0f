import { expect, test, type Page } from '@playwright/test';
import { expectNoViolations, open, pause, state, trainButton, until } from './helpers.js';

/** Steps of the runs that lie in this browser. */
function saved(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const open = indexedDB.open('cnn-playground', 1);
    await new Promise((resolve) => (open.onsuccess = open.onerror = open.onupgradeneeded = resolve));
    if (!open.result.objectStoreNames.contains('runs')) return [];
    const all = open.result.transaction('runs').objectStore('runs').getAll() as IDBRequest<{ step: number }[]>;
    await new Promise((resolve) => (all.onsuccess = resolve));
    open.result.close();
    return all.result.map(({ step }) => step);
  });
}

const banner = (page: Page): ReturnType<Page['locator']> => page.locator('cnp-resume-banner');

async function oneStep(page: Page): Promise<number | null> {
  const { step } = await state(page);
  await page.getByRole('button', { name: 'One step' }).click();
  return (await until(page, (now) => now.step === step + 1 && now.loss !== null && !now.playing)).loss;
}

test('a run goes on after its tab was closed: same losses, same curves, and no tab takes what another trains', async ({
  page,
  context,
}) => {
  await open(page, '&batch=128');
  await trainButton(page).click();
  // Over an epoch's end.
  await until(page, ({ step, stepsPerEpoch }) => step > stepsPerEpoch);
  const { step } = await pause(page);
  await expect.poll(() => saved(page), { timeout: 60_000 }).toEqual([step]);
  // However long the next steps take: what is saved stays where it is.
  await page.evaluate(() => {
    (document.querySelector('cnn-playground') as unknown as { playground: { saves: boolean } }).playground.saves =
      false;
  });
  const losses = [await oneStep(page), await oneStep(page), await oneStep(page)];

  const other = await context.newPage();
  await open(other, '&batch=128');
  await other.waitForTimeout(500);
  await expect(banner(other)).toHaveCount(0);
  await page.close();

  // Of other settings than the run that is offered.
  await open(other, '&batch=64');
  await expect(banner(other)).toContainText(/LeNet|lenet/);
  await expect(banner(other)).toContainText('Batch 64 → 128');
  await expectNoViolations(other, 'an offered run', ['cnn-playground', 'cnp-saved-runs', 'cnp-resume-banner']);
  await other.getByRole('button', { name: `Resume at step ${step}` }).click();
  const resumed = await until(other, (now) => now.step === step && now.settings['batch'] === 128);
  expect(resumed.validation).not.toBeNull();
  await expect(banner(other)).toHaveCount(0);
  expect([await oneStep(other), await oneStep(other), await oneStep(other)]).toEqual(losses);
  expect(
    await other
      .locator('cnp-training-panel')
      .evaluate((panel) => (panel as unknown as { history: { loss: { steps: number[] } } }).history.loss.steps),
  ).toEqual(Array.from({ length: step + 3 }, (_, i) => i + 1));

  // What is discarded is gone.
  await open(other);
  await banner(other).getByRole('button', { name: 'Delete' }).click();
  await expect(banner(other)).toContainText('Delete for good?');
  await expect(banner(other).getByRole('button', { name: 'Keep' })).toBeFocused();
  await banner(other).getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => saved(other)).toEqual([]);
});

test('a reset leaves the run before it saved; a list has all of them, goes on with one, deletes one or all', async ({
  page,
}) => {
  const sorted = async (): Promise<number[]> => (await saved(page)).sort((a, b) => a - b);
  await open(page, '&batch=256');
  for (let step = 0; step < 3; step += 1) await oneStep(page);
  // Single steps need no pause to be saved.
  await expect.poll(sorted, { timeout: 60_000 }).toEqual([3]);
  await page.getByRole('button', { name: 'Reset' }).click();
  await until(page, ({ step }) => step === 0);
  await oneStep(page);
  // Without a wait: what a change of settings ends is saved as well.
  await page.evaluate(() => {
    (document.querySelector('cnn-playground') as unknown as { setState(change: object): void }).setState({
      batch: 128,
    });
  });
  await until(page, ({ step, settings }) => step === 0 && settings['batch'] === 128);
  for (let step = 0; step < 2; step += 1) await oneStep(page);
  await expect.poll(sorted, { timeout: 60_000 }).toEqual([1, 2, 3]);

  await page.getByRole('button', { name: 'Saved runs' }).click();
  const list = page.getByRole('dialog', { name: 'Saved runs' });
  // The one that is open is not among them.
  await expect(list.locator('li')).toHaveCount(2);
  await expect(list.locator('[data-step="3"]')).toContainText('Batch 256 (here 128)');
  await expectNoViolations(page, 'saved runs', ['cnn-playground', 'cnp-saved-runs', 'dialog']);
  if (process.env['SHOTS'] !== undefined) await page.screenshot({ path: `${process.env['SHOTS']}/saved-runs.png` });
  await list.getByRole('button', { name: 'Resume the run of lenet at step 3' }).click();
  await until(page, ({ step, settings }) => step === 3 && settings['batch'] === 256);
  await expect(list).toHaveCount(0);
  await oneStep(page);
  await expect.poll(sorted, { timeout: 60_000 }).toEqual([1, 2, 4]);

  // Those of the page's settings come first, and after one the next.
  await open(page, '&batch=256');
  await expect(banner(page)).toContainText('step 4');
  await banner(page).getByRole('button', { name: 'Delete' }).click();
  await banner(page).getByRole('button', { name: 'Keep' }).click();
  await expect(banner(page).getByRole('button', { name: 'Delete' })).toBeFocused();
  await banner(page).getByRole('button', { name: 'Delete' }).click();
  await banner(page).getByRole('button', { name: 'Delete' }).click();
  await expect(banner(page)).toContainText('step 1');
  await banner(page).getByRole('button', { name: 'All 2 runs' }).click();
  await list.getByRole('button', { name: /^Delete the run of lenet at step 1$/ }).click();
  await list.getByRole('button', { name: 'Keep' }).click();
  await expect(list.locator('li')).toHaveCount(2);
  await list.getByRole('button', { name: 'Delete all 2' }).click();
  await list.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(list).toContainText('No other run is saved yet.');
  await expect.poll(sorted).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(list).toHaveCount(0);
  await expect(banner(page)).toHaveCount(0);
});

test('a loss that ran away leads back to before it, at the rate that was sound; no room for saves is told once', async ({
  page,
}) => {
  await open(page, '&batch=128');
  const [worker] = page.workers();
  await worker?.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('There is no room left.', 'QuotaExceededError');
    };
  });
  await trainButton(page).click();
  await until(page, ({ step }) => step >= 3);
  const { step } = await pause(page);
  const message = page.locator('cnp-message-banner');
  await expect(message).toContainText('not being saved in this browser');
  await expect(message).toContainText('There is no room left.');
  await message.getByRole('button').click();

  await trainButton(page).click();
  await until(page, (now) => now.step > step + 2);
  await page.evaluate(() => {
    (document.querySelector('cnn-playground') as unknown as { setState(change: object): void }).setState({ lr: 1e20 });
  });
  await until(page, ({ error }) => error !== null);
  const wayBack = message.getByRole('button', { name: /^Back to step \d+, on at rate 0.002$/ });
  const good = Number(/\d+/.exec(await wayBack.innerText())?.[0]);
  expect(good).toBeGreaterThan(0);
  await wayBack.click();
  const back = await until(page, ({ error }) => error === null);
  expect([back.step, back.settings['lr'], back.playing]).toEqual([good, 0.002, false]);
  await trainButton(page).click();
  const on = await until(page, (now) => now.step > good + 5);
  expect(on.loss).toBeLessThan(5);
  expect(on.error).toBeNull();
});

test('a loss that is far above its start is told before it is NaN, with the way out; its curve goes by powers of ten', async ({
  page,
}) => {
  await open(page, '&batch=128&optimizer=sgd&lr=100');
  for (const step of [1, 2]) {
    await page.getByRole('button', { name: 'One step' }).click();
    await until(page, (now) => now.step === step && !now.playing);
  }
  const message = page.locator('cnp-message-banner');
  await expect(message).toContainText(
    /The loss runs away: it is [\d.]+(e\d+)? at step \d, where guessing alone gives 2\.303/,
  );
  await expect(message).toContainText('The learning rate of 100 is probably too large.');
  const chart = page.locator('cnp-curve-chart').first();
  await expect(chart.locator('figcaption')).toContainText(/^\s*Loss \(log\)\s*training, smoothed [\d.]{3,7}(e\d+)?\s/);
  await expectNoViolations(page, 'a diverging run', ['cnn-playground', 'cnp-message-banner']);
  // On a phone it stays in sight, wherever one has scrolled.
  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator('cnp-inspector-panel').scrollIntoViewIfNeeded();
  await expect(message).toBeInViewport({ ratio: 1 });
  if (process.env['SHOTS'] !== undefined) await page.screenshot({ path: `${process.env['SHOTS']}/ran-away.png` });
  // A tenth would run away again.
  await message.getByRole('button', { name: 'Start over at a learning rate of 0.01' }).click();
  await until(page, ({ step, settings, error }) => step === 0 && settings['lr'] === 0.01 && error === null);
});
