//! Lists of what iterators give, compiled once for every kind of item.
//!
//! `collect` is compiled anew for every iterator, at 200 bytes of the module and more: how many items
//! there will be, room for them, the loop. Here the loop asks the iterator through a pointer.

/// An iterator whose items are wanted as a list.
pub(crate) trait ToList: Iterator + Sized {
    /// All items, as `collect` gives them.
    fn to_list(mut self) -> Vec<Self::Item> {
        list(&mut || self.next())
    }
}

impl<I: Iterator> ToList for I {}

#[inline(never)]
fn list<T>(next: &mut dyn FnMut() -> Option<T>) -> Vec<T> {
    let mut items = Vec::new();
    while let Some(item) = next() {
        items.push(item);
    }
    items
}

/// Adds what an iterator gives, as `extend` does.
pub(crate) fn add_all<T>(items: &mut Vec<T>, more: impl IntoIterator<Item = T>) {
    let mut more = more.into_iter();
    append(items, &mut || more.next());
}

#[inline(never)]
fn append<T>(items: &mut Vec<T>, next: &mut dyn FnMut() -> Option<T>) {
    while let Some(item) = next() {
        items.push(item);
    }
}

/// The texts with a separator between them, as the standard library's `join`, which is a kilobyte for every
/// kind of text.
pub(crate) fn join<S: AsRef<str>>(texts: &[S], separator: &str) -> String {
    let mut out = String::new();
    for (at, text) in texts.iter().enumerate() {
        if at > 0 {
            out.push_str(separator);
        }
        out.push_str(text.as_ref());
    }
    out
}
