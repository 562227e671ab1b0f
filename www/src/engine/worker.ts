/** The worker's entry. It owns the engine, so that nothing the GPU or the compiler does ever holds up the page, and it
 * is paced by the GPU alone: a hidden tab trains on. */
import * as Comlink from 'comlink';
import { Host } from './host.js';

Comlink.expose(new Host());
