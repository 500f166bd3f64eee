// The entries are what their common declaration says.

import type * as declared from "../../../pkg/index.js";
import * as node from "../../../pkg/node.js";
import * as web from "../../../pkg/web.js";

export const entries: (typeof declared)[] = [node, web];
