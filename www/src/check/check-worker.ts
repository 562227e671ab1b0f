/** The entry of the check page's worker. */
import * as Comlink from 'comlink';
import { CheckHost } from './host.js';

Comlink.expose(new CheckHost());
