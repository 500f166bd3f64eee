// The entries are what their common declaration says.

import type * as declared from "../../../pkg/index.js";
import type * as declaredCatalogue from "../../../pkg/catalogue.js";
import type * as declaredEditor from "../../../pkg/editor.js";
import * as catalogue from "../../../pkg/controls.js";
import * as editor from "../../../pkg/codemirror.js";
import * as node from "../../../pkg/node.js";
import * as web from "../../../pkg/web.js";

export const entries: (typeof declared)[] = [node, web];
export const editors: (typeof declaredEditor)[] = [editor];
export const catalogues: (typeof declaredCatalogue)[] = [catalogue];
