//! `kubelet-audit controls`

use kubelet_audit::render::controls::{Form, list};

use crate::args::options::CatalogueFormat;

/// The list of controls.
pub(crate) fn text(format: CatalogueFormat) -> String {
    list(form(format))
}

/// The renderer's form of this format.
pub(super) const fn form(format: CatalogueFormat) -> Form {
    match format {
        CatalogueFormat::Text => Form::Text,
        CatalogueFormat::Json => Form::Json,
        CatalogueFormat::Markdown => Form::Markdown,
    }
}
