//! `kubelet-audit controls`

use kubelet_audit::render::controls::{Form, list};

use crate::args::CatalogFormat;

/// Returns the list of controls.
pub(crate) fn text(format: CatalogFormat) -> String {
    list(form(format))
}

/// Returns the renderer's form of this format.
pub(super) const fn form(format: CatalogFormat) -> Form {
    match format {
        CatalogFormat::Text => Form::Text,
        CatalogFormat::Json => Form::Json,
        CatalogFormat::Markdown => Form::Markdown,
    }
}
