import { describe, expect, it } from 'vitest';
import { complaint, complaints, distance } from '../../src/asked/complaints.js';
import type { ModelInfo } from '../../src/engine/api.js';
import { inKorean } from '../../src/i18n/engine-ko.js';
import { meansSomething } from '../../src/lib/arrangement.js';
import { placeQuery } from '../../src/lib/placing.js';
import { defaults } from '../../src/state.js';
import type { CnnPlayground } from '../../src/components/cnn-playground.js';

const model = (name: string, side: number, parameters: number): ModelInfo => ({
  name,
  input: [side, side, 3],
  classes: 10,
  parameters,
  notes: [],
  source: '',
});
const models = [model('vgg_32', 32, 9), model('lenet', 32, 1), model('vgg19', 224, 99)];
const said = (name: string, value: string, linked = true): string =>
  complaint({ name, value }, { linked, models, settings: defaults() });

describe('what a link asks for and cannot have', () => {
  it('is named with what can be chosen, what is used instead and what was probably meant', () => {
    expect(said('model', 'lenett')).toBe(
      'In the link, model=lenett names no model; lenet is used instead. What comes nearest: lenet, vgg_32.',
    );
    expect(said('model', 'vgg19')).toContain(
      'takes pictures of 224×224×3, and those of this page are 32×32; lenet is used instead.',
    );
    expect(said('batch', '0')).toBe(
      'In the link, batch=0 does not work: batch takes a whole number from 1 to 1024; 16 is used instead.',
    );
    expect(said('momentum', '2')).toMatch(/takes a number from 0 to 0\.9999\.$/);
    expect(said('optimizer', 'adma')).toMatch(
      /takes one of sgd, .*; adam is used instead\. Did you mean optimizer=adam\?$/,
    );
    expect(said('modle', 'lenet')).toBe(
      'In the link, modle=lenet says nothing to this page. Did you mean model=lenet?',
    );
    expect(said('colour', 'red')).toBe('In the link, colour=red says nothing to this page.');
    expect(said('lesson', 'drop-out')).toMatch(/Did you mean lesson=dropout\?$/);
    expect(complaint({ name: 'net', value: '', reason: 'why' }, { linked: true, models, settings: defaults() })).toBe(
      'net: why',
    );
  });

  it('is called an attribute where it is one', () => {
    expect(said('view', 'netwrok', false)).toBe(
      'The attribute view="netwrok" does not work: view takes one of full, network, training, draw, maps; all panels are shown instead. Did you mean view="network"?',
    );
    expect(said('lock', 'seed modl', false)).toMatch(/takes some of model, dataset.*Did you mean lock="seed model"\?$/);
    expect(said('lock', 'xyz')).toMatch(/batch, seed and \d+ more; "xyz" locks nothing\.$/);
    expect(said('hide', 'xyz')).toMatch(/; "xyz" hides nothing\.$/);
    expect(said('theme', 'purple', false)).toContain('one of auto, light, dark, contrast; auto is used instead.');
  });

  it('comes with what may be pressed instead: the link mended, or the attribute', () => {
    const around = { linked: true, models: [...models, model('vgg_bn_32', 32, 10)], settings: defaults() };
    const asked = [
      { name: 'model', value: 'vgg99' },
      { name: 'lock', value: 'seed modl' },
      { name: 'modle', value: 'vgg_32' },
    ];
    const { message, hints } = complaints(asked, around, '?v=1&model=lenet&lock=seed+modl&modle=vgg_32&view=maps');
    expect(message.split('\n')).toHaveLength(3);
    expect(hints.map(({ text }) => text)).toEqual([
      'model=vgg_32',
      'model=vgg_bn_32',
      'model=lenet',
      'lock=seed model',
      'model=vgg_32',
    ]);
    const parameters = hints.map(({ link }) => new URLSearchParams(link ?? ''));
    expect(parameters.map((one) => one.get('model'))).toEqual(['vgg_32', 'vgg_bn_32', 'lenet', 'lenet', 'vgg_32']);
    expect(parameters[3]?.get('lock')).toBe('seed model');
    expect([parameters[4]?.has('modle'), parameters[4]?.get('view')]).toEqual([false, 'maps']);
    const [hint] = complaints([{ name: 'view', value: 'map' }], { ...around, linked: false }).hints;
    expect(hint).toEqual({ text: 'view="maps"', name: 'view', value: 'maps', link: null });
  });

  it('is said in Korean, whole', () => {
    const all = [
      'model=lenett',
      'model=vgg19',
      'batch=0',
      'momentum=2',
      'optimizer=adma',
      'modle=x',
      'augment=x',
      'hide=x',
      'lock=x',
      'view=x',
      'lesson=x',
    ];
    for (const one of all) {
      const [name = '', value = ''] = one.split('=');
      const korean = inKorean(said(name, value));
      expect(korean, one).toMatch(/^링크의 /);
      expect(korean.replace(one, ''), one).not.toMatch(/ (takes|of|is|the|number|does|from) /);
    }
    expect(inKorean(said('momentum', '2'))).toBe(
      '링크의 momentum=2: 쓸 수 없는 값입니다. momentum에 쓸 수 있는 값: 0부터 0.9999까지의 수.',
    );
    expect(inKorean(said('modle', 'x', false))).toBe(
      '속성 modle="x": 이 페이지에 없는 이름입니다. 혹시 model="x"인가요?',
    );
  });

  it('is found by what the attributes take, and by names that are nobody’s', () => {
    expect([meansSomething('view', 'maps'), meansSomething('view', 'map'), meansSomething('lock', '')]).toEqual([
      true,
      false,
      true,
    ]);
    expect(distance('modle', 'model')).toBe(1);
    const warned: string[] = [];
    const element = { setAttribute: () => undefined, warn: (name: string) => warned.push(name), linked: false };
    placeQuery(
      element as unknown as CnnPlayground,
      '?v=1&modle=lenet&view=maps&utm_source=a&fbclid=b&origin=https://a.b',
    );
    expect([warned, element.linked]).toEqual([['modle'], true]);
  });
});
