//! `kubelet-audit explain`

use kubelet_audit::render::controls::one;

use crate::args::ExplainArgs;
use crate::commands::controls::form;
use crate::failure::Failure;

/// Returns the page of one control.
pub(crate) fn text(args: &ExplainArgs) -> Result<String, Failure> {
    one(&args.control, form(args.catalog.format))
        .ok_or_else(|| Failure::unusable(format!("unknown control {:?}", args.control)))
}
