// Who has access to what in PlanetScale, as records. Types and descriptions are in `index.d.ts`.

import { setTimeout as pause } from "node:timers/promises";

import { Instance } from "./instance.js";

export { ConnectorCrash, ConnectorError } from "./errors.js";

/** @typedef {{ signal?: AbortSignal }} Options */

export class Connector {
  /** @type {Record<string, string>} */
  #config;

  /** @param {Record<string, string | undefined>} config */
  constructor(config = {}) {
    const given = Object.entries(config).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
    this.#config = { "planetscale-api-url": "https://api.planetscale.com", ...Object.fromEntries(given) };
  }

  /** @param {Options} [options] */
  async metadata(options) {
    return JSON.parse(await this.#once("metadata", options));
  }

  /** @param {Options} [options] */
  async configSchema(options) {
    return JSON.parse(await this.#once("configSchema", options));
  }

  /** @param {Options} [options] */
  async validate(options) {
    return JSON.parse(await this.#once("validate", options));
  }

  /**
   * @param {Options} [options]
   * @returns {AsyncGenerator<import("./records.js").Line, void, undefined>}
   */
  async *sync(options) {
    for await (const line of this.lines(options)) yield JSON.parse(line);
  }

  /**
   * @param {Options} [options]
   * @returns {AsyncGenerator<string, void, undefined>}
   */
  async *lines({ signal } = {}) {
    signal?.throwIfAborted();
    const instance = await Instance.start(this.#config);
    try {
      for (;;) {
        const step = await instance.call("next", signal);
        if (step.tag === "end") return;
        if (step.tag === "lines") {
          for (const line of step.val.split("\n").slice(0, -1)) yield line;
        } else {
          await pause(Number(step.val), undefined, { signal }).catch((error) => {
            throw signal?.aborted ? signal.reason : error;
          });
        }
      }
    } finally {
      await instance.end();
    }
  }

  /**
   * @param {"metadata" | "configSchema" | "validate"} name
   * @param {Options} [options]
   */
  async #once(name, { signal } = {}) {
    const instance = await Instance.start(this.#config);
    try {
      return await instance.call(name, signal);
    } finally {
      await instance.end();
    }
  }
}
