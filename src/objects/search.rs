//! Searches the objects of a text.

use crate::source::diagnostic::Code;
use crate::source::template::Masked;
use crate::source::tree::{Document, Node};
use crate::source::{Limits, ReadError, Span};

use super::arguments::fault;
use super::carrier::{Carrier, Read};
use super::context::{Beside, Context, MOST_ITEMS, Object};
use super::draft::KIND;
use super::embedded::Embedded;
use super::kubelet::{CONFIG, ConfiguredKubelet, MAX_KUBELETS};
use super::registry;
use super::stream::documents;

/// Objects in values of objects: user data, a file of a node, an object in it. Deeper ones are not read.
const DEEPEST: usize = 4;

/// The kubelets that the objects in `text` configure, in document order. None if the kubelet itself can
/// read the text: a KubeletConfiguration without a Kubernetes object beside it.
///
/// `first` is the first document, as the kubelet reads it.
pub(crate) fn find<'t>(
    text: &'t str,
    first: &Result<Document<'_>, ReadError>,
    masked: Option<&'t Masked>,
    limits: &'t Limits,
    beside: &'t [Beside<'t>],
) -> Vec<ConfiguredKubelet> {
    let text = masked.map_or(text, |masked| &masked.text);
    let cx = Context::new(text, masked, limits, beside);
    let mut found = Vec::new();
    let mut unreadable = Vec::new();
    let is_object = first.as_ref().is_ok_and(|first| first.root.as_object().is_some());
    if let (false, Some(carrier)) = (is_object, registry::of_text(text)) {
        found = by_text(&cx, carrier, &Embedded::whole(text, CONFIG));
    } else {
        let rest = rest_of(&Embedded::whole(text, CONFIG), limits);
        let all: Vec<_> = std::iter::once(first).chain(&rest).collect();
        unreadable.extend(
            all.iter().enumerate().filter_map(|(number, read)| Some((number, read.as_ref().err()?.clone()))),
        );
        let objects = objects_of(all.into_iter().filter_map(|read| read.as_ref().ok()));
        // A config file of the kubelet is no carrier.
        if objects.iter().all(|object| object.kind == KIND || !is_known(object)) {
            return Vec::new();
        }
        found.extend(by_carrier(&cx, &objects));
    }
    if found.is_empty() {
        return found;
    }
    for (number, error) in unreadable {
        let name = format!("document {}", number.saturating_add(1));
        found.push(ConfiguredKubelet { name, ..ConfiguredKubelet::unreadable(error) });
    }
    limit(&mut found);
    number_same_names(&mut found);
    found
}

/// The kubelets that a text in a value configures. Their names are those of its objects.
pub(super) fn kubelets_in(cx: &Context<'_>, text: &Embedded, depth: usize) -> Vec<ConfiguredKubelet> {
    if depth > DEEPEST {
        return Vec::new();
    }
    if let Some(carrier) = registry::of_text(&text.text) {
        return by_text(cx, carrier, text);
    }
    let mut read = vec![text.read(cx.limits)];
    read.extend(rest_of(text, cx.limits));
    let objects = objects_of(read.iter().filter_map(|read| read.as_ref().ok()));
    let mut found = by_carrier(cx, &objects);
    if let Some(note) = text.note() {
        found.iter_mut().for_each(|kubelet| kubelet.notes.push(note.clone()));
    }
    found
}

/// The documents of a text behind the first one.
fn rest_of(text: &Embedded, limits: &Limits) -> Vec<Result<Document<'static>, ReadError>> {
    let parts = documents(&text.text).into_iter().skip(1);
    parts.map(|(start, end)| text.part(start, end).read(limits)).collect()
}

fn by_text(cx: &Context<'_>, carrier: &Carrier, text: &Embedded) -> Vec<ConfiguredKubelet> {
    match carrier.read {
        Read::Text(read) => read(cx, text),
        Read::Each(_) | Read::Together(_) => Vec::new(),
    }
}

/// The objects of documents; those of a List one by one.
fn objects_of<'n, 'd: 'n>(documents: impl Iterator<Item = &'n Document<'d>>) -> Vec<Object<'n>> {
    fn add<'n>(root: &'n Node<'n>, document: &'n Document<'_>, out: &mut Vec<Object<'n>>) {
        let mut object = Object::new(root, document.into(), out.len());
        if object.kind.ends_with("List")
            && let Some(items) = root.get("items").and_then(Node::as_array)
        {
            items.iter().for_each(|item| add(item, document, out));
            return;
        }
        if let Some((_, Some(name))) = registry::of_object(&object) {
            object.kind = name;
        }
        out.push(object);
    }
    let mut out = Vec::new();
    documents.for_each(|document| add(&document.root, document, &mut out));
    out
}

fn is_known(object: &Object<'_>) -> bool {
    !object.kind.is_empty()
}

fn by_carrier(cx: &Context<'_>, objects: &[Object<'_>]) -> Vec<ConfiguredKubelet> {
    let mut found: Vec<(usize, ConfiguredKubelet)> = Vec::new();
    for carrier in registry::all() {
        let is_own = |object: &&Object<'_>| {
            registry::of_object(&unnamed(object)).is_some_and(|(other, _)| std::ptr::eq(other, carrier))
        };
        let own: Vec<Object<'_>> = objects.iter().filter(is_own).copied().collect();
        if own.is_empty() {
            continue;
        }
        match carrier.read {
            Read::Each(read) => {
                for object in &own {
                    found.extend(read(cx, object).into_iter().map(|kubelet| (object.order, kubelet)));
                }
            }
            Read::Together(read) => found.extend(read(cx, own.get(..MOST_ITEMS).unwrap_or(&own))),
            Read::Text(_) => {}
        }
    }
    found.sort_by_key(|(order, _)| *order);
    found.into_iter().map(|(_, kubelet)| kubelet).collect()
}

/// The object without the name that stands in for its kind.
fn unnamed<'n>(object: &Object<'n>) -> Object<'n> {
    Object::new(object.root, object.reading, object.order)
}

fn limit(found: &mut Vec<ConfiguredKubelet>) {
    let Some(more) = found.len().checked_sub(MAX_KUBELETS).filter(|more| *more > 0) else { return };
    found.truncate(MAX_KUBELETS);
    let message =
        format!("{more} more kubelet configurations in this text were not audited (limit {MAX_KUBELETS})");
    let mut error = fault(Code::TooManyNodes, Span::at(0), message);
    error.help = "split the text into several files".to_owned();
    found.push(ConfiguredKubelet { name: "the rest".to_owned(), ..ConfiguredKubelet::unreadable(error) });
}

/// Numbers the second and later kubelets of one name, so that every name is unique.
fn number_same_names(kubelets: &mut [ConfiguredKubelet]) {
    let mut seen = std::collections::BTreeMap::new();
    for kubelet in kubelets {
        let count = seen.entry(kubelet.name.clone()).or_insert(0_usize);
        *count = count.saturating_add(1);
        if *count > 1 {
            kubelet.name = format!("{} ({count})", kubelet.name);
        }
    }
}
