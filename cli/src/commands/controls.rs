//! `kubelet-audit controls`

use kubelet_audit::benchmark::edition;
use kubelet_audit::render::controls::{Form, list};
use kubelet_audit::render::list_edition;

use crate::args::{CatalogArgs, CatalogFormat};

/// Returns the list of all controls, or of those of a benchmark.
pub(crate) fn text(args: &CatalogArgs) -> String {
    match args.benchmark.as_deref().and_then(edition) {
        Some(edition) => list_edition(edition, form(args.format)),
        None => list(form(args.format)),
    }
}

/// Returns the renderer's form of this format.
pub(super) const fn form(format: CatalogFormat) -> Form {
    match format {
        CatalogFormat::Text => Form::Text,
        CatalogFormat::Json => Form::Json,
        CatalogFormat::Markdown => Form::Markdown,
    }
}
