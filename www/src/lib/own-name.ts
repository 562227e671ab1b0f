/** What networks are called: own ones by the name that whoever made them gave them, which a link holds packed. */
import type { Messages } from '../i18n/index.js';
import type { Settings } from '../state.js';

const names = new Map<string, string>();

export function remember(net: string, name = ''): void {
  if (net !== '' && name !== '') names.set(net, name);
}

/** `undefined` where no run has been opened of it. */
export const ownName = (net: string): string | undefined => names.get(net);

export function networkName({ model, net }: Pick<Settings, 'model' | 'net'>, t: Messages): string {
  return net === '' ? model : (ownName(net) ?? t.ownNetwork);
}
