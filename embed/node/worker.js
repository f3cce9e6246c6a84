// One instance of the component in a thread of its own. Its calls block: here, that stops nobody else.

import { parentPort, workerData } from "node:worker_threads";

import { clocks, http, io } from "@bytecodealliance/preview2-shim";

import { instantiate } from "./build/steps.js";
import { guarded } from "./guard.js";

const { config, modules, origins } = workerData;
const port = /** @type {import("node:worker_threads").MessagePort} */ (parentPort);

// Nothing else is given: no file, no environment variable, no argument.
const imports = {
  "wasi:config/store": {
    /** @param {string} key */
    get: (key) => (Object.hasOwn(config, key) ? config[key] : undefined),
    getAll: () => Object.entries(config),
  },
  "wasi:clocks/monotonic-clock": clocks.monotonicClock,
  "wasi:clocks/wall-clock": clocks.wallClock,
  "wasi:http/outgoing-handler": { handle: guarded(http.outgoingHandler.handle, origins) },
  "wasi:http/types": http.types,
  "wasi:io/error": io.error,
  "wasi:io/poll": io.poll,
  "wasi:io/streams": io.streams,
};

const { sync } = await instantiate((/** @type {string} */ name) => modules[name], /** @type {any} */ (imports));

/** @type {Record<string, () => unknown>} */
const calls = { metadata: sync.metadata, configSchema: sync.configSchema, validate: sync.validate, next: sync.next };

port.on("message", (/** @type {string} */ name) => {
  try {
    port.postMessage({ answer: calls[name]() });
  } catch (error) {
    // An answer that is an error is thrown with its payload; anything else is a crash.
    const { payload } = /** @type {{ payload?: unknown }} */ (error);
    port.postMessage(typeof payload === "string" ? { refusal: payload } : { crash: String(error) });
  }
});
