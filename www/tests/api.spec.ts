import { expect, test } from '@playwright/test';

type Api = typeof import('../pkg/cnn_playground.js');

/** What is thrown, or promised and not kept, by calls that cannot work. */
test('the engine refuses what it cannot use by name, and says what a panic was', async ({ page }) => {
  await page.route(/\/pkg\//, (route) =>
    route.fulfill({ path: `pkg/${new URL(route.request().url()).pathname.split('/').at(-1) ?? ''}` }),
  );
  await page.route(/blank\.html/, (route) => route.fulfill({ contentType: 'text/html', body: '<title>blank</title>' }));
  await page.goto('./blank.html');
  const said = await page.evaluate(async () => {
    const { default: init, Engine } = (await import(new URL('./pkg/cnn_playground.js', location.href).href)) as Api;
    await init();
    const shaders = await (await fetch('./pkg/shaders.txt')).text();
    const engine = await Engine.create(shaders);
    const data = engine.shapes(20, 1);
    const good = { model: 'lenet', optimizer: { algorithm: 'adam' }, batch: 4, seed: 1 } as const;
    const session = await engine.session(data, good);
    const cyclic: Record<string, unknown> = { ...good };
    cyclic['me'] = cyclic;
    const open = (config: unknown): unknown => engine.session(data, config as never);
    const calls: (() => unknown)[] = [
      () => Engine.create(),
      () => engine.shapes(1e10, 1),
      () => data.sample(-1),
      () => session.reset(1.5),
      () => open(undefined),
      () => open(cyclic),
      () => open({ ...good, seed: 1n }),
      () => open({ ...good, clipnorm: Number.NaN }),
      () => open({ ...good, optimizer: { algorithm: 'adam', learning_rate: Number.NaN } }),
      () => open({ ...good, clipnorm: undefined }),
      () => session.rival('dense', 'shared'),
      async () => {
        engine.supply(await (await fetch('./pkg/shaders-shared.txt')).text());
        const timer = session.rival('dense', 'shared');
        const ran = timer.dispatches().map(({ shader, entry_point }) => `${shader} ${entry_point}`);
        timer.free();
        throw new Error(ran.join());
      },
    ];
    const messages: string[] = [];
    for (const call of calls) {
      try {
        await call();
        messages.push('');
      } catch (error) {
        messages.push((error as Error).message);
      }
    }
    addEventListener('error', (event) => messages.push(event.message), { once: true });
    try {
      // A getter that comes back to a session in the middle of a call.
      const schedule = Object.defineProperty({}, 'class', { enumerable: true, get: () => session.state() });
      session.setSchedule(schedule as never);
    } catch {
      // The trap itself says nothing.
    }
    return messages;
  });
  const expected = [
    'shaders.txt has no activation.wgsl',
    'count is 10000000000; use a whole number from 0 to 4294967295',
    'index is -1;',
    'seed is 1.5;',
    'session is a value of type undefined',
    'use data that does not hold itself',
    'session.seed is a value of type bigint',
    'session.clipnorm is NaN; use a finite number',
    'session.optimizer.learning_rate is NaN',
    '',
    'shaders-shared.txt has no dense_shared.wgsl',
    'dense_shared.wgsl backward_kernel',
    'panicked at',
  ];
  expect(said).toEqual(expected.map((words) => expect.stringContaining(words) as unknown));
});
