// What the component asks for as `wasi:config/store`: a value for each field of its config schema.
// `jco transpile --map` points the component's import here.

/** @type {Record<string, string | undefined>} */
const values = {
  "planetscale-service-token": process.env.BATON_PLANETSCALE_SERVICE_TOKEN,
  "planetscale-api-url": process.env.BATON_PLANETSCALE_API_URL ?? "https://api.planetscale.com",
};

/** @param {string} key */
export const get = (key) => values[key];
