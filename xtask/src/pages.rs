//! The plugins' pages: the code on them is what the tests run.
//!
//! A comment `<!-- FILE#REGION -->` above a fence says which lines stand in it: those between `#region
//! REGION` and `#endregion` of the file, or all of it.

use std::fs;
use std::path::Path;

use crate::generate::GeneratedFile;
use crate::step::{Failure, Outcome};
use crate::workspace::Workspace;

/// A page with every fence as the files have it.
fn filled(page: &Path) -> Result<String, String> {
    let text = read(page)?;
    let mut lines = text.lines();
    let mut out = String::new();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        let source = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->"));
        let Some(source) = source else {
            let language = line.strip_prefix("```").unwrap_or_default();
            if matches!(language, "js" | "python" | "rust" | "sql" | "xml") {
                return Err(format!("{}: a fence of {language} that names no file", page.display()));
            }
            continue;
        };
        let fence = lines.next().filter(|line| line.starts_with("```"));
        let fence = fence.ok_or_else(|| format!("{}: no fence below {source}", page.display()))?;
        lines.by_ref().find(|line| *line == "```").ok_or("a fence without an end")?;
        out.push_str(&[fence, "\n", &region(page, source)?, "```\n"].concat());
    }
    Ok(out)
}

/// The lines that a page names.
fn region(page: &Path, source: &str) -> Result<String, String> {
    let (file, region) = source.split_once('#').unwrap_or((source, ""));
    let text = read(&page.with_file_name(file))?;
    if region.is_empty() {
        return Ok(text);
    }
    let words = |line: &str| line.trim_start().trim_start_matches(['/', '#', ' ']).trim_end().to_owned();
    let mut inside = text.lines().skip_while(|line| words(line) != format!("region {region}"));
    inside.next().ok_or_else(|| format!("{file} has no region {region}"))?;
    let lines: Vec<_> = inside.take_while(|line| words(line) != "endregion").collect();
    let filled = lines.iter().filter(|line| !line.trim().is_empty());
    let indent = filled.map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    Ok(lines.iter().map(|line| format!("{}\n", line.get(indent..).unwrap_or_default())).collect())
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Every plugin's page, whether there is one or not.
fn pages(root: &Path) -> Result<Vec<std::path::PathBuf>, String> {
    let plugins = fs::read_dir(root.join("plugins")).map_err(|error| error.to_string())?;
    let mut pages: Vec<_> = plugins.flatten().map(|entry| entry.path().join("README.md")).collect();
    pages.sort();
    Ok(pages)
}

/// The pages with the code that the tests run.
pub(crate) fn generate(workspace: &Workspace) -> Outcome<Vec<GeneratedFile>> {
    let root = &workspace.root;
    let pages = pages(root).map_err(Failure::new)?;
    let generated = pages.into_iter().map(|page| {
        let text = filled(&page).map_err(Failure::new)?;
        Ok(GeneratedFile { path: page.strip_prefix(root).unwrap_or(&page).to_owned(), text })
    });
    generated.collect()
}
