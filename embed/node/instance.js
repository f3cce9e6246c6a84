// An instance of the component, seen from the program's own thread.

import { readFile, readdir } from "node:fs/promises";
import { Worker } from "node:worker_threads";

import { ConnectorCrash, ConnectorError } from "./errors.js";
import { originsOf } from "./guard.js";

const BUILD = new URL("./build/", import.meta.url);

/** @type {Promise<Record<string, WebAssembly.Module>> | undefined} */
let compiled;

/** The component's code, compiled once for all instances. */
async function modules() {
  compiled ??= (async () => {
    const names = (await readdir(BUILD)).filter((name) => name.endsWith(".wasm"));
    const compile = async (/** @type {string} */ name) =>
      [name, await WebAssembly.compile(new Uint8Array(await readFile(new URL(name, BUILD))))];
    return Object.fromEntries(await Promise.all(names.map(compile)));
  })();
  return compiled;
}

export class Instance {
  /** @type {Worker} */
  #worker;
  /** @type {((error: Error) => void) | undefined} */
  #fail;
  /** @type {((answer: any) => void) | undefined} */
  #answer;
  /** Why there will be no further answer. @type {Error | undefined} */
  #ended;

  /** @param {Worker} worker */
  constructor(worker) {
    this.#worker = worker;
    worker.on("message", (told) => {
      if ("answer" in told) this.#answer?.(told.answer);
      else if ("refusal" in told) this.#fail?.(new ConnectorError(JSON.parse(told.refusal)));
      else this.#fail?.(new ConnectorCrash(`the component crashed: ${told.crash}`));
    });
    worker.on("error", (error) => this.#end(`the component's thread failed: ${error.message}`));
    worker.on("exit", () => this.#end("the component's thread ended"));
  }

  /** A thread may also end while nobody waits for it. @param {string} message */
  #end(message) {
    this.#ended ??= new ConnectorCrash(message);
    this.#fail?.(this.#ended);
  }

  /** @param {Record<string, string>} config */
  static async start(config) {
    const workerData = { config, modules: await modules(), origins: originsOf(config) };
    // The thread has no environment: a token of somebody else's may be in this one.
    return new Instance(new Worker(new URL("./worker.js", import.meta.url), { workerData, env: {} }));
  }

  /**
   * Make a call. One that is aborted ends the instance.
   * @param {"metadata" | "configSchema" | "validate" | "next"} name
   * @param {AbortSignal} [signal]
   * @returns {Promise<any>}
   */
  async call(name, signal) {
    signal?.throwIfAborted();
    if (this.#ended) throw this.#ended;
    let abort = () => {};
    try {
      return await new Promise((resolve, reject) => {
        this.#answer = resolve;
        this.#fail = reject;
        abort = () => reject(signal?.reason);
        signal?.addEventListener("abort", abort);
        this.#worker.postMessage(name);
      });
    } finally {
      this.#answer = this.#fail = undefined;
      signal?.removeEventListener("abort", abort);
    }
  }

  async end() {
    await this.#worker.terminate();
  }
}
