/**
 * What `audit` and `init` throw. What is wrong with a *configuration* is never thrown: it is in the report.
 */
export class AuditError extends Error {
  /**
   * @param {import("./index.js").AuditErrorCode} code
   * @param {string} message
   * @param {ErrorOptions} [options]
   */
  constructor(code, message, options) {
    super(message, options);
    this.name = "AuditError";
    this.code = code;
  }
}
