/**
 * What `audit` and `init` throw. What is wrong with a *configuration* is never thrown: it is in the report.
 */
export class AuditError extends Error {
  /**
   * @param {import("./index.js").AuditErrorCode} code
   * @param {string} message
   * @param {import("./index.js").AuditErrorOptions} [options]
   */
  constructor(code, message, { path, help, ...options } = {}) {
    super(help === undefined ? message : `${message}: ${help}`, options);
    this.name = "AuditError";
    this.code = code;
    this.path = path;
    this.help = help;
  }
}
