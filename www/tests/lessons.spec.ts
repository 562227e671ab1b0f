import { expect, test, type Locator, type Page } from '@playwright/test';
import { expectNoViolations, until, type State } from './helpers.js';

test('a lesson: a text, a live playground, a question that is checked; the next one from there', async ({ page }) => {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto('./?v=1&lang=en&theme=light&seed=7');
  await page.getByRole('link', { name: 'Lessons' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What a convolution does');
  await expect(page).toHaveTitle('What a convolution does · CNN playground');
  await expect(page.locator('cnp-network-graph [data-layer="conv2d"]')).toBeVisible({ timeout: 90_000 });
  // The lesson's settings are its own.
  await expect(page.locator('cnp-network-graph')).not.toContainText('Edit');

  await page.getByLabel('27×27').check();
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Not quite' })).toBeVisible();
  await page.getByLabel('28×28').check();
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(page.getByRole('status').filter({ hasText: 'the window fits at 28 places' })).toBeVisible();
  await expectNoViolations(page, 'en, light');

  await page.getByRole('button', { name: /한국어/ }).click();
  await page.getByRole('button', { name: /테마/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('합성곱은 무엇을 하는가');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expectNoViolations(page, 'ko, dark');
  await page.getByRole('link', { name: /다음 실습/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('LeNet으로 숫자 읽기');
  await page.getByRole('link', { name: '놀이터' }).click();
  await expect(page).toHaveURL(/index\.html\?.*seed=7/);
  expect(complaints).toEqual([]);
});

test('terms in a text show the other language’s word; all of them stand in the glossary', async ({ page }) => {
  await page.goto('./lessons.html?lesson=small-windows&lang=en&theme=light');
  const term = page.getByRole('button', { name: 'receptive field' });
  const tip = page.getByRole('tooltip').filter({ hasText: '수용 영역' });
  await expect(term).toHaveAccessibleDescription(/^수용 영역.*one value of a layer can see/);
  await expect(tip).toBeHidden();
  await term.focus();
  await expect(tip).toBeVisible();
  await expectNoViolations(page, 'term', ['cnn-lesson', 'article']);
  await page.keyboard.press('Escape');
  await expect(tip).toBeHidden();
  // By keys alone: hidden and shown again, and the page does not scroll.
  const scrolled = await page.evaluate(() => scrollY);
  for (const key of ['Enter', 'Space']) {
    await page.keyboard.press(key);
    await expect(tip, key).toBeVisible();
    await page.keyboard.press(key);
    await expect(tip, key).toBeHidden();
  }
  expect(await page.evaluate(() => scrollY)).toBe(scrolled);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(tip).toBeHidden();
  await expect(term).toBeFocused();
  await term.hover();
  await expect(tip).toBeVisible();
  // The pointer may go over to it.
  await tip.hover();
  await expect(tip).toBeVisible();
  await page.getByRole('heading', { level: 1 }).hover();
  await term.blur();
  await expect(tip).toBeHidden();

  await page.getByRole('link', { name: 'Glossary' }).click();
  await expect(page).toHaveTitle('Glossary · CNN playground');
  const entries = page.locator('cnl-glossary dl > div');
  await expect(entries).not.toHaveCount(0);
  const all = await entries.count();
  await page.getByRole('searchbox').fill('잔차');
  await expect(entries).toHaveCount(1);
  await expect(entries).toContainText('residual block');
  await page.getByRole('button', { name: /한국어/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('용어집');
  // Enter goes nowhere, Escape brings all of them back.
  await page.getByRole('searchbox').press('Enter');
  await expect(entries).toHaveCount(1);
  await expect(page).toHaveURL(/lesson=glossary/);
  await page.getByRole('searchbox').press('Escape');
  await expect(page.getByRole('searchbox')).toHaveValue('');
  await expect(entries).toHaveCount(all);
  await expectNoViolations(page, 'glossary');
});

test('two runs side by side train together, with the norms of their gradients', async ({ page }) => {
  test.setTimeout(400_000);
  // The small twins: the lesson's own are slow in software. What it shows is the same.
  await page.route(/assets\/lessons-.*\.js/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({
      response,
      body: (await response.text()).replaceAll('plain20', 'plain8').replaceAll('resnet20', 'resnet8'),
    });
  });
  await page.goto('./lessons.html?lesson=vanishing&lang=en&theme=light');
  const marks = page.locator('cnl-compare mark');
  await expect(marks).toHaveText(['plain8', 'resnet8']);
  await expect(page.locator('cnl-compare cnn-playground').first().locator('cnp-train-bar .train')).toBeEnabled({
    timeout: 120_000,
  });
  await page.getByRole('button', { name: 'Train both' }).click();
  for (const side of [0, 1]) {
    await expect(page.locator('cnl-compare svg.bars').nth(side).locator('rect')).not.toHaveCount(0, {
      timeout: 180_000,
    });
  }
  await page.getByRole('button', { name: 'Pause both' }).click();
  await expect(page.locator('cnl-compare figcaption').first()).toContainText(
    /plain8: first layer \d.*, last convolution \d/,
  );
  // The two that are talked of stand out, and every bar says whose it is.
  await expect(page.locator('cnl-compare svg.bars').first().locator('.meant title')).toHaveText([
    /^conv2d: \d/,
    /^conv2d_\d: \d/,
  ]);
  // Their names are in sight; those of the others come by keyboard and by touch.
  const chart = page.locator('cnl-compare cnp-norm-chart').first();
  await expect(chart.locator('span.meant')).toHaveText([/^conv2d$/, /^conv2d_\d$/]);
  await chart.getByRole('slider').focus();
  await page.keyboard.press('ArrowRight');
  await expect(chart.getByRole('slider')).toHaveAttribute('aria-valuetext', /^batch_normalization: \d/);
  await expect(chart.locator('b')).toHaveText(/^batch_normalization: \d/);
  await chart.getByRole('slider').click({ position: { x: 2, y: 20 } });
  await expect(chart.locator('b')).toHaveText(/^conv2d: \d/);

  // The switches come first, the curves below them.
  const [above, below] = await Promise.all(
    ['cnl-compare .norms', 'cnl-compare cnn-playground'].map((part) => page.locator(part).first().boundingBox()),
  );
  expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThanOrEqual(below?.y ?? 0);

  // Without one skip the residual side begins again, the other one stays as it is.
  const [plain, residual] = [page.locator('cnn-playground').first(), page.locator('cnn-playground').nth(1)];
  const steps = (side: typeof plain): Promise<number> =>
    side.evaluate((element) => (element as unknown as { getState(): { step: number } }).getState().step);
  const before = await steps(plain);
  const skips = page.locator('cnl-skips').nth(1);
  const second = skips.getByRole('switch', { name: 'Skip of block 2, through a 1×1 convolution' });
  await expect(second).toBeChecked();
  await second.press('Enter');
  await expect(second).not.toBeChecked();
  await expect(marks).toHaveText(['plain8', 'resnet8', 'without skip 2']);
  await expect.poll(() => steps(residual), { timeout: 120_000 }).toBe(0);
  expect(await steps(plain)).toBeGreaterThanOrEqual(before);
  await expectNoViolations(page, 'skips');
  // The projection is gone with its skip: two bars fewer.
  await page.getByRole('button', { name: 'Train both' }).click();
  const bars = (side: number): Locator => page.locator('cnl-compare svg.bars').nth(side).locator('rect');
  const whole = (await bars(0).count()) + 4;
  await expect(bars(1)).toHaveCount(whole - 2, { timeout: 180_000 });
  await page.getByRole('button', { name: 'Pause both' }).click();
  await skips.getByRole('button', { name: 'All off' }).click();
  await expect(marks).toHaveText(['plain8', 'resnet8', 'without any skip']);
  await skips.getByRole('button', { name: 'All on' }).click();
  await expect(marks).toHaveText(['plain8', 'resnet8']);
  expect(page.workers()).toHaveLength(1);
});

test('the attribute lesson: its settings and looks, where the element names none of its own', async ({ page }) => {
  await page.goto('./embed.html?lesson=inception&lang=en&theme=light&batch=8');
  const { settings } = await until(page, ({ phase }) => phase === 'ready', 120_000);
  expect(settings['net']).not.toBe('');
  // The link's own batch counts.
  expect([settings['batch'], settings['seed']]).toEqual([8, 1]);
  await expect(page.locator('cnp-network-graph [data-layer="inception"]')).toBeVisible();
  // As its view and lock have it.
  await expect(page.locator('cnp-training-panel')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Edit' })).toHaveCount(0);
  // All four branches are in sight.
  await expect(page.locator('cnp-layer-card').filter({ hasText: 'Concat' })).toBeVisible();
  const hidden = page
    .locator('cnp-network-graph .scroll')
    .evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight);
  expect(await hidden).toBeLessThanOrEqual(1);

  await page.evaluate(() => {
    const element = document.createElement('cnn-playground');
    element.setAttribute('lang', 'en');
    element.setAttribute('lesson', 'none');
    document.querySelector('cnn-playground')?.replaceWith(element);
  });
  await expect(page.getByRole('alert')).toContainText('The attribute lesson="none" does not work', { timeout: 60_000 });
});

/** The lesson's playground lies in the lesson. */
async function reached(page: Page, done: (state: State) => boolean, timeout: number): Promise<State> {
  const read = (): Promise<State> =>
    page.locator('cnn-playground').evaluate((element) => (element as unknown as { getState(): State }).getState());
  let last = await read();
  await expect
    .poll(
      async () => {
        last = await read();
        return done(last);
      },
      { timeout, intervals: [50] },
    )
    .toBe(true);
  return last;
}

test('the lesson on transfer plays through: a base, its weights, a new head, frozen layers, the question', async ({
  page,
}) => {
  test.setTimeout(400_000);
  await page.goto('./lessons.html?lesson=transfer&lang=en&theme=light');
  await reached(page, ({ phase }) => phase === 'ready', 120_000);
  await page.locator('cnp-train-bar .train').click();
  // Three epochs and no more.
  const base = await reached(page, ({ playing, epoch }) => !playing && epoch === 3, 240_000);
  expect(base.settings['dataset']).toBe('digits_0_4');
  const learnt = base.validation?.accuracy ?? 0;
  await page.getByRole('button', { name: 'All settings' }).click();
  const weights = page.locator('cnp-weights-panel');
  await weights.getByRole('button', { name: 'Go on from these' }).click();
  await expect(weights.locator('[data-first]')).toContainText('10 of 10 tensors', { timeout: 120_000 });
  await weights.getByLabel('Replace the head').check();
  await expect(weights.locator('[data-first]')).toContainText('8 of 10 tensors');
  await page.getByLabel('Data set').selectOption('digits_5_9');
  await weights.getByLabel('Frozen layers').fill('2');
  await expect(weights.locator('[data-frozen]')).toContainText('of 61,706 parameters', { timeout: 60_000 });
  await page.locator('cnp-train-bar .train').click();
  const { validation, settings } = await reached(page, ({ validation }) => validation !== null, 120_000);
  expect(settings['dataset']).toBe('digits_5_9');
  // Far from guessing among five, after one epoch on what it has never seen.
  expect(validation?.accuracy ?? 0).toBeGreaterThan(0.5);
  expect(learnt).toBeGreaterThan(0.8);
  await page.getByLabel('850', { exact: true }).check();
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(page.getByRole('status').filter({ hasText: '84·10 + 10 = 850' })).toBeVisible();
});

test('every lesson ends in a question: one answer is right, and the page says of each whether it is', async ({
  page,
}) => {
  // The questions need no GPU.
  await page.route(/\.wasm$/, (route) => route.abort());
  await page.goto('./lessons.html?lang=en&theme=light');
  const form = page.locator('cnn-lesson form.question');
  const titles: string[] = [];
  for (;;) {
    const title = page.getByRole('heading', { level: 1 });
    await expect(title).not.toHaveText(titles.at(-1) ?? '');
    titles.push((await title.textContent()) ?? '');
    const check = form.getByRole('button', { name: 'Check', exact: true });
    await expect(check).toBeDisabled();
    const choices = form.getByRole('radio');
    const verdicts: string[] = [];
    for (let i = 0; i < (await choices.count()); i += 1) {
      await choices.nth(i).check();
      await expect(form.getByRole('status')).toHaveText('');
      await check.click();
      await expect(form.getByRole('status')).toHaveText(/^\s*(Right|Not quite)\./);
      verdicts.push((await form.getByRole('status').textContent()) ?? '');
    }
    expect(verdicts.length, titles.at(-1)).toBeGreaterThan(2);
    // With the reason.
    expect(verdicts.map((said) => /^\s*Right\.\s+\S.{20}/.test(said)).filter(Boolean), titles.at(-1)).toHaveLength(1);
    const next = page.getByRole('link', { name: /^Next/ });
    if ((await next.count()) === 0) break;
    await next.click();
  }
  expect(new Set(titles).size).toBe(9);
});
