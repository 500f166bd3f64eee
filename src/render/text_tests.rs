use super::super::test_reports::{NODE, fail, pass, target};
use super::super::{Color, Detail, Layout, SourceText, SourceTexts};
use super::text;
use crate::report::*;

/// Knows `node.yaml`.
struct Node<'a>(&'a str);

impl SourceTexts for Node<'_> {
    fn find(&self, _: usize, name: &str) -> Option<SourceText<'_>> {
        let hidden = crate::secret::secret_ranges(self.0);
        (name == "node.yaml").then_some(SourceText { path: "node.yaml".into(), text: self.0, hidden })
    }
}

fn layout(width: usize) -> Layout<'static> {
    Layout { width, color: Color::Off, detail: Detail::Normal, next: Some(("kubelet-audit check -v node.yaml", "more")) }
}

fn render(targets: Vec<Target>, layout: &Layout<'_>) -> String {
    text(&Report::of(targets), &Node(NODE), layout)
}

#[test]
fn a_failure_at_100_columns() {
    assert_eq!(
        render(vec![target(vec![fail()])], &layout(100)),
        r#"X
"#
    );
}

#[test]
fn a_failure_at_40_columns() {
    assert_eq!(
        render(vec![target(vec![fail()])], &layout(40)),
        r#"X
"#
    );
}

#[test]
fn a_failure_in_full() {
    let layout = Layout { detail: Detail::Verbose, next: None, ..layout(100) };
    assert_eq!(
        render(vec![target(vec![fail()])], &layout),
        r#"X
"#
    );
}
