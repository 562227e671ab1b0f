/** The playground in an iframe, as the page around it sees it: events go out, commands come in, both as messages
 * `{ source: "cnn-playground", v: 1, type, … }`, to and from one origin only. */

export const SOURCE = 'cnn-playground';
export const MESSAGE_VERSION = 1;

export const EVENTS = ['ready', 'resize', 'step', 'epoch', 'error', 'state'] as const;
const COMMANDS = ['play', 'pause', 'step', 'reset', 'setState', 'getState'] as const;
export type Command = (typeof COMMANDS)[number];

/** What commands are carried out on. */
export interface Commanded extends EventTarget {
  play(): unknown;
  pause(): unknown;
  step(): unknown;
  reset(): unknown;
  setState(change: Record<string, unknown>): void;
  getState(): Record<string, unknown>;
}

export interface Surroundings {
  /** The only origin that is spoken and listened to. */
  origin: string;
  /** The window around this one. */
  parent: Pick<Window, 'postMessage'>;
  /** Where messages arrive. */
  inbox: EventTarget;
}

/** The origin that may command: what `?origin=` says, else the page's own. A list is not taken: messages go to one. */
export function allowedOrigin(query: string, own: string): string {
  const given = new URLSearchParams(query).get('origin');
  if (given === null) return own;
  try {
    const { origin } = new URL(given);
    // `null` is what sandboxed frames and files share: anybody could say it.
    return origin === 'null' ? own : origin;
  } catch {
    return own;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Connects an element with the page around its frame. */
export function connect(element: Commanded, { origin, parent, inbox }: Surroundings): void {
  const post = (type: string, detail: unknown): void => {
    const body = isRecord(detail) ? detail : {};
    parent.postMessage({ ...body, source: SOURCE, v: MESSAGE_VERSION, type }, origin);
  };
  for (const type of EVENTS) element.addEventListener(type, (event) => post(type, (event as CustomEvent).detail));

  const obey = async (type: Command, change: unknown): Promise<void> => {
    if (type === 'setState') element.setState(isRecord(change) ? change : {});
    else if (type !== 'getState') await element[type]();
  };
  inbox.addEventListener('message', (event) => {
    const { data, origin: from, source } = event as MessageEvent<unknown>;
    if (from !== origin || source !== parent || !isRecord(data)) return;
    if (data['source'] !== SOURCE || data['v'] !== MESSAGE_VERSION) return;
    const { id } = data;
    const type = COMMANDS.find((known) => known === data['type']);
    if (type === undefined) {
      post('error', { kind: 'command', id, message: `There is no such command; use ${COMMANDS.join(', ')}.` });
      return;
    }
    obey(type, data['settings']).then(
      // Every command is answered with the state it led to; `id` tells to which.
      () => post('state', { id, command: type, ...element.getState() }),
      (error: unknown) => {
        post('error', { kind: 'command', id, message: error instanceof Error ? error.message : String(error) });
      },
    );
  });
}
