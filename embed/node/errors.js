// What can go wrong, as errors that a program can tell apart.

/** The connector has no answer, and says why. */
export class ConnectorError extends Error {
  /** @param {{ kind: string, message: string, field?: string, httpStatus?: number, requestId?: string, after?: number, path?: string }} told */
  constructor(told) {
    super(`${told.kind}: ${told.field === undefined ? "" : `${told.field} `}${told.message}`);
    this.name = "ConnectorError";
    this.kind = told.kind;
    this.field = told.field;
    this.httpStatus = told.httpStatus;
    this.requestId = told.requestId;
    this.after = told.after;
    this.path = told.path;
  }
}

/** The component crashed, or its thread ended. The next call has a new one. */
export class ConnectorCrash extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "ConnectorCrash";
  }
}
