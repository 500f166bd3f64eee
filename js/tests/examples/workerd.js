// #region
import { audit } from "kubelet-audit";

export default {
  async fetch(request) {
    return Response.json(audit(await request.text()));
  },
};
// #endregion
