import type { Line, ResourceId, Warning } from "./records.js";

export type * from "./records.js";

/** A value for each field of the connector's config, by the field's name. */
export interface Config {
  /** `<id>:<token>` of a service token with the access `read_organization`. */
  "planetscale-service-token"?: string;
  /** `https://api.planetscale.com` unless it is given. The component reaches no other origin. */
  "planetscale-api-url"?: string;
  [field: string]: string | undefined;
}

export interface Options {
  /** Ends a call or a sync at once; it then rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface Metadata {
  displayName: string;
  version: string;
  description: string;
  documentationUrl?: string;
  /** What the vendor's API does not tell. */
  cannotSee?: { message: string; resourceTypes?: string[] }[];
}

export interface ConfigField {
  name: string;
  displayName: string;
  description: string;
  placeholder?: string;
  suggestedValue?: string;
  kind: "text" | "url" | "integer" | "boolean" | "text-list" | "choice";
  required: boolean;
  secret: boolean;
}

export interface Validation {
  /** As whom it reads; never a secret. */
  identity?: string;
  warnings: Warning[];
}

/** A connector with the config of one tenant. It holds nothing: make as many as there are tenants. */
export class Connector {
  constructor(config?: Config);
  /** Who the connector is. */
  metadata(options?: Options): Promise<Metadata>;
  /** The fields of the config. */
  configSchema(options?: Options): Promise<ConfigField[]>;
  /** Whether config, credentials and access are good. Rejects with a `ConnectorError` when not. */
  validate(options?: Options): Promise<Validation>;
  /**
   * A whole sync, in a thread of its own. The last line is `complete`; without it, what came is not a sync.
   * It goes on as fast as the lines are taken, waits when PlanetScale asks for it, and tries again what failed in passing.
   */
  sync(options?: Options): AsyncGenerator<Line, void, undefined>;
  /** The same, each line as its text. */
  lines(options?: Options): AsyncGenerator<string, void, undefined>;
}

/** Why there is no answer, by what to do next; as the contract's `error` has it. */
export type ErrorKind =
  | "config" | "credentials" | "access" | "gone" | "wait" | "again" | "changed" | "reply" | "internal";

/** The connector has no answer, and says why. */
export class ConnectorError extends Error {
  readonly kind: ErrorKind;
  /** Of kind `config`: which field. */
  readonly field?: string;
  readonly httpStatus?: number;
  readonly requestId?: string;
  /** Of kinds `wait` and `again`: after so many seconds. */
  readonly after?: number;
  /** Of kind `reply`: where in the reply. */
  readonly path?: string;
}

/** The component crashed, or its thread ended. The next call has a new one. */
export class ConnectorCrash extends Error {}
