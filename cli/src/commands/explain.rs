//! `kubelet-audit explain`

use kubelet_audit::render::controls::one;

use super::controls::form;
use crate::args::options::CatalogueFormat;
use crate::args::usage::UsageError;
use crate::exit;
use crate::failure::Failure;
use crate::host::Host;
use crate::output::put;

/// Writes all about one control.
pub(crate) fn explain(control: &str, format: CatalogueFormat, host: &mut dyn Host) -> Result<u8, Failure> {
    match one(control, form(format)) {
        Some(text) => put(host, &text).map(|()| exit::CLEAN),
        None => {
            host.write_stderr(&UsageError::unknown_control(control).text());
            Ok(exit::UNUSABLE)
        }
    }
}
