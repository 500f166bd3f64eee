// #region
import { audit, AuditError } from "kubelet-audit";

const { targets } = audit("kind: [");
for (const { code, message, help, location } of targets[0].errors) {
  console.log(code, location?.range?.start.line, location?.range?.start.column, message, help);
}

try {
  audit({ config: new Date() });
} catch (error) {
  if (!(error instanceof AuditError)) throw error;
  console.log(error.code, error.path, error.help);
}
// #endregion
