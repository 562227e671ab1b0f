import type { Browser, CDPSession } from '@playwright/test';

interface Reply {
  id: number;
  result?: { result?: { value?: unknown } };
}

/** A tab that Playwright does not manage. Its own pages always count as visible and focused; this one can be hidden. */
export class RawTab {
  private nextId = 1;
  private readonly waiting = new Map<number, (reply: Reply) => void>();

  private constructor(
    private readonly session: CDPSession,
    private readonly targetId: string,
    private readonly sessionId: string,
  ) {
    session.on('Target.receivedMessageFromTarget', ({ message }) => {
      const reply = JSON.parse(message) as Reply;
      this.waiting.get(reply.id)?.(reply);
      this.waiting.delete(reply.id);
    });
  }

  static async open(browser: Browser, url: string): Promise<RawTab> {
    const session = await browser.newBrowserCDPSession();
    const { targetId } = await session.send('Target.createTarget', { url });
    const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false });
    return new RawTab(session, targetId, sessionId);
  }

  async evaluate(expression: string): Promise<unknown> {
    const id = this.nextId;
    this.nextId += 1;
    const reply = new Promise<Reply>((resolve) => this.waiting.set(id, resolve));
    const params = { expression, awaitPromise: true, returnByValue: true };
    const message = JSON.stringify({ id, method: 'Runtime.evaluate', params });
    await this.session.send('Target.sendMessageToTarget', { sessionId: this.sessionId, message });
    return (await reply).result?.result?.value;
  }

  async minimise(): Promise<void> {
    const { windowId } = await this.session.send('Browser.getWindowForTarget', { targetId: this.targetId });
    await this.session.send('Browser.setWindowBounds', { windowId, bounds: { windowState: 'minimized' } });
  }

  async close(): Promise<void> {
    await this.session.send('Target.closeTarget', { targetId: this.targetId });
    await this.session.detach();
  }
}
