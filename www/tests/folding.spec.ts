import { expect, test } from '@playwright/test';
import { expectNoViolations, open } from './helpers.js';

test('blocks fold to one card and unfold again, in the network and in the builder; a large network begins folded', async ({
  page,
}) => {
  const complaints = await open(page, '&model=resnet20&batch=8');
  const graph = page.locator('cnp-network-graph');
  const cards = graph.locator('.slot');
  // The input, conv-bn-relu, nine blocks, pooling and head.
  await expect(cards).toHaveCount(15);
  const card = graph.locator('[data-layer="activation_2"]');
  await expect(card).toContainText('Residual 1');
  await expect(card).toContainText('7 layers');
  await expect(card).toContainText('32×32×16');
  await expect(card).toContainText('4,736 par.');
  await card.click();
  await expect(card).toHaveAttribute('aria-selected', 'true');
  await expectNoViolations(page, 'folded', ['cnn-playground', 'cnp-network-graph']);

  // By its button, by Enter on its card, all at once.
  const second = graph.locator('[data-block="activation_4"]');
  await second.press('Enter');
  await expect(second).toHaveAttribute('aria-expanded', 'true');
  await expect(cards).toHaveCount(21);
  await card.focus();
  await page.keyboard.press('Enter');
  await expect(cards).toHaveCount(27);
  await expectNoViolations(page, 'unfolded', ['cnn-playground', 'cnp-network-graph']);
  // What is chosen inside is seen on the block's card once it is folded.
  await graph.locator('[data-layer="conv2d_3"]').click();
  await second.click();
  await expect(graph.locator('[data-layer="activation_4"]')).toHaveAttribute('aria-selected', 'true');
  await expect(cards).toHaveCount(21);

  // The builder shows the same; what is edited is seen.
  await page.getByRole('button', { name: 'Edit' }).click();
  const built = page.locator('cnp-builder-graph');
  await expect(built.locator('[data-layer="activation_4"]')).toContainText('Residual 2');
  await expect(built.locator('[data-layer="add"]')).toBeVisible();
  await built.locator('[data-layer="activation_4"]').press('Delete');
  await expect(built.locator('[data-layer="add_1"]')).toBeVisible();
  await page.getByRole('button', { name: 'Fold blocks' }).click();
  await expect(built.locator('.card')).toHaveCount(15);
  await expectNoViolations(page, 'builder', ['cnn-playground', 'cnp-network-builder']);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(cards).toHaveCount(15);
  await page.getByRole('button', { name: 'Unfold blocks' }).click();
  await expect(cards).toHaveCount(73);
  expect(complaints).toEqual([]);
});

test('the blocks’ buttons are one toolbar: one stop for Tab, arrows from one to the next, Enter and Space fold', async ({
  page,
}) => {
  await open(page, '&model=resnet8&batch=8');
  const toolbar = page.getByRole('toolbar', { name: 'Blocks' });
  const buttons = toolbar.getByRole('button');
  await expect(buttons).toHaveCount(3);
  const stops = (): Promise<number[]> => buttons.evaluateAll((all) => all.map((one) => (one as HTMLElement).tabIndex));
  expect(await stops()).toEqual([0, -1, -1]);
  const isFolded = await buttons.nth(1).getAttribute('aria-expanded');

  await buttons.first().focus();
  await page.keyboard.press('ArrowRight');
  await expect(buttons.nth(1)).toBeFocused();
  expect(await stops()).toEqual([-1, 0, -1]);
  await page.keyboard.press('Enter');
  await expect(buttons.nth(1)).toHaveAttribute('aria-expanded', isFolded === 'true' ? 'false' : 'true');
  // The button stays in hand, and goes back.
  await expect(buttons.nth(1)).toBeFocused();
  await page.keyboard.press('Space');
  await expect(buttons.nth(1)).toHaveAttribute('aria-expanded', isFolded ?? '');
  await page.keyboard.press('ArrowDown');
  await expect(buttons.nth(2)).toBeFocused();
  // At the end there is no further.
  await page.keyboard.press('ArrowRight');
  await expect(buttons.nth(2)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowLeft');
  await expect(buttons.first()).toBeFocused();
  // Tab leaves the toolbar from wherever it stands.
  await page.keyboard.press('Tab');
  await expect(toolbar.locator(':focus')).toHaveCount(0);
});
