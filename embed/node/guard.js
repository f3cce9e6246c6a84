// Where the component may go: to the origins of the addresses in its config, to read.

/** @param {Record<string, string>} config */
export function originsOf(config) {
  return Object.values(config).flatMap((value) => (/^https?:\/\//.test(value) ? [new URL(value).origin] : []));
}

/**
 * The `handle` of `wasi:http/outgoing-handler`, for these origins alone.
 * @template Request, Options, Reply
 * @param {(request: Request, options?: Options) => Reply} handle
 * @param {string[]} origins
 * @returns {(request: Request, options?: Options) => Reply}
 */
export function guarded(handle, origins) {
  return (request, options) => {
    const asked = /** @type {any} */ (request);
    const scheme = asked.scheme()?.tag === "HTTP" ? "http" : "https";
    const method = asked.method().tag;
    const allowed = URL.canParse(`${scheme}://${asked.authority()}`)
      && origins.includes(new URL(`${scheme}://${asked.authority()}`).origin);
    // Thrown as the contract of `wasi:http` has it: the component is told, and tells.
    if (!allowed || (method !== "get" && method !== "head")) throw { tag: "HTTP-request-denied" };
    return handle(request, options);
  };
}
