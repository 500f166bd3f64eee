//! The modules of a crate and the paths that each file names, read from its tokens.
//!
//! Comments and texts are no paths, so nothing is searched as text. What a `#[cfg(test)]` stands above is
//! left out: tests may import anything.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A module's path from the crate root, `["source", "yaml"]`.
type ModulePath = Vec<String>;

/// One path that a file names, and the file that has what it leads to.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Import {
    /// The importing file, relative to the crate root's folder.
    pub(crate) from: String,
    /// The imported file.
    pub(crate) to: String,
    /// The path as it is written.
    pub(crate) path: String,
}

/// A module in a file of its own.
#[derive(Default)]
struct Module {
    file: String,
    /// Names that the file defines, at any depth.
    defined: BTreeSet<String>,
    /// Names that `use` brings in, with what they stand for.
    aliases: Vec<(String, Vec<String>)>,
    /// Modules whose names a `use ...::*` brings in.
    globs: Vec<Vec<String>>,
    /// Paths that the file names, outside re-exports that it only passes on.
    paths: Vec<Vec<String>>,
}

/// The modules of a crate.
pub(crate) struct Crate {
    modules: BTreeMap<ModulePath, Module>,
}

impl Crate {
    /// Reads a crate from its root file.
    pub(crate) fn read(root: &Path) -> Self {
        let folder = root.parent().unwrap();
        let load = |path: &Path| fs::read_to_string(folder.join(path)).ok();
        Self::load(root.file_name().unwrap().as_ref(), &load)
    }

    /// A crate of these files, the first of which is the root.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let load = |path: &Path| {
            files.iter().find(|(name, _)| Path::new(name) == path).map(|(_, text)| (*text).to_owned())
        };
        Self::load(files[0].0.as_ref(), &load)
    }

    fn load(root: &Path, load: &dyn Fn(&Path) -> Option<String>) -> Self {
        let mut modules = BTreeMap::new();
        let mut open: Vec<(ModulePath, PathBuf)> = vec![(Vec::new(), root.to_owned())];
        while let Some((path, file)) = open.pop() {
            // The file of a module with `#[path]` has another name; such modules are not followed.
            let Some(text) = load(&file) else { continue };
            let tokens = TokenStream::from_str(&text).unwrap_or_else(|error| panic!("{file:?}: {error}"));
            let tokens = without_tests(tokens);
            let mut module = Module { file: file.to_string_lossy().replace('\\', "/"), ..Module::default() };
            let mut scan = Scan { module: &mut module, path: path.clone(), children: Vec::new() };
            scan.items(&tokens);
            let children = scan.children;
            let is_folder = path.is_empty() || file.file_stem().is_some_and(|stem| stem == "mod");
            let folder = if is_folder { file.parent().unwrap().to_owned() } else { file.with_extension("") };
            for name in children {
                let inline = folder.join(format!("{name}.rs"));
                let file = if load(&inline).is_some() { inline } else { folder.join(&name).join("mod.rs") };
                open.push(([path.as_slice(), &[name]].concat(), file));
            }
            modules.insert(path, module);
        }
        Self { modules }
    }

    /// The files, relative to the crate root's folder.
    pub(crate) fn files(&self) -> Vec<&str> {
        self.modules.values().map(|module| module.file.as_str()).collect()
    }

    /// Every import of another file.
    pub(crate) fn imports(&self) -> Vec<Import> {
        let mut imports = Vec::new();
        for (from, module) in &self.modules {
            for path in &module.paths {
                let Some(to) = self.origin(from, path, 0) else { continue };
                if to != module.file {
                    imports.push(Import { from: module.file.clone(), to, path: path.join("::") });
                }
            }
        }
        imports.sort();
        imports.dedup();
        imports
    }

    /// The file that defines what a path leads to, behind re-exports; absent for a path into another crate.
    fn origin(&self, from: &ModulePath, path: &[String], depth: usize) -> Option<String> {
        let (mut at, mut rest) = match path[0].as_str() {
            "crate" => (Vec::new(), &path[1..]),
            "self" => (from.clone(), &path[1..]),
            "super" => (from[..from.len().checked_sub(1)?].to_vec(), &path[1..]),
            name if self.modules.contains_key(&child(from, name)) => (from.clone(), path),
            _ => return None,
        };
        while let [name, more @ ..] = rest {
            if name == "super" {
                at.pop()?;
            } else if self.modules.contains_key(&child(&at, name)) {
                at.push(name.clone());
            } else {
                break;
            }
            rest = more;
        }
        let module = self.modules.get(&at)?;
        let Some(name) = rest.first() else { return Some(module.file.clone()) };
        // A chain of re-exports is short; the bound ends one that leads in a circle.
        if depth < 8 {
            let aliases = module.aliases.iter().filter(|(alias, _)| alias == name);
            if let Some(file) = aliases.filter_map(|(_, target)| self.origin(&at, target, depth + 1)).next() {
                return Some(file);
            }
            let globs =
                module.globs.iter().map(|glob| [glob.as_slice(), std::slice::from_ref(name)].concat());
            let mut origins = globs.filter_map(|target| self.origin(&at, &target, depth + 1));
            if !module.defined.contains(name)
                && let Some(file) = origins.find(|file| self.defines(file, name))
            {
                return Some(file);
            }
        }
        Some(module.file.clone())
    }

    fn defines(&self, file: &str, name: &str) -> bool {
        self.modules.values().any(|module| module.file == file && module.defined.contains(name))
    }
}

fn child(path: &[String], name: &str) -> ModulePath {
    [path, &[name.to_owned()]].concat()
}

/// Reads one file.
struct Scan<'a> {
    module: &'a mut Module,
    path: ModulePath,
    /// Modules in files of their own.
    children: Vec<String>,
}

impl Scan<'_> {
    fn items(&mut self, tokens: &[TokenTree]) {
        self.visit(tokens, 0);
    }

    /// Visits tokens inside `depth` inline modules.
    fn visit(&mut self, tokens: &[TokenTree], depth: usize) {
        let mut at = 0;
        while at < tokens.len() {
            let rest = &tokens[at..];
            let word = ident(rest.first());
            at += match (word.as_deref(), rest) {
                (Some("mod"), [_, TokenTree::Ident(name), TokenTree::Punct(end), ..])
                    if end.as_char() == ';' =>
                {
                    self.children.push(name.to_string());
                    3
                }
                (Some("mod"), [_, TokenTree::Ident(_), TokenTree::Group(body), ..]) => {
                    self.visit(&trees(body.stream()), depth + 1);
                    3
                }
                (Some("use"), [_, ..]) => {
                    let end = rest.iter().position(|token| is_punct(token, ';')).unwrap_or(rest.len());
                    let is_public = at.checked_sub(1).is_some_and(|before| is_visibility(tokens, before));
                    self.uses(&rest[1..end], &[], depth, is_public);
                    end + 1
                }
                (Some(keyword), [_, TokenTree::Ident(name), ..]) if DEFINING.contains(&keyword) => {
                    self.module.defined.insert(name.to_string());
                    2
                }
                (Some("macro_rules"), [_, _, TokenTree::Ident(name), ..]) => {
                    self.module.defined.insert(name.to_string());
                    3
                }
                (Some(_), _) => self.path(rest, depth),
                (None, [TokenTree::Group(group), ..]) => {
                    self.visit(&trees(group.stream()), depth);
                    1
                }
                _ => 1,
            };
        }
    }

    /// A path in an expression or a type; gives the number of its tokens.
    fn path(&mut self, tokens: &[TokenTree], depth: usize) -> usize {
        let mut path = vec![ident(tokens.first()).unwrap_or_default()];
        let mut length = 1;
        while let [colon, second, TokenTree::Ident(name), ..] = &tokens[length..] {
            if !is_punct(colon, ':') || !is_punct(second, ':') {
                break;
            }
            path.push(name.to_string());
            length += 3;
        }
        if path.len() > 1 {
            self.add_path(path, depth);
        }
        length
    }

    /// A tree of `use`.
    fn uses(&mut self, tokens: &[TokenTree], before: &[String], depth: usize, is_public: bool) {
        for tree in tokens.split(|token| is_punct(token, ',')).filter(|tree| !tree.is_empty()) {
            let mut path = before.to_vec();
            let mut alias = None;
            let mut rest = tree.iter();
            let mut is_leaf = true;
            while let Some(token) = rest.next() {
                match token {
                    TokenTree::Ident(word) if word == "as" => alias = ident(rest.next()),
                    TokenTree::Ident(word) if word == "self" && !path.is_empty() => {}
                    TokenTree::Ident(word) => path.push(word.to_string()),
                    TokenTree::Punct(star) if star.as_char() == '*' => {
                        self.module.globs.extend(relative(path.clone(), depth));
                        is_leaf = false;
                        if !is_public {
                            self.add_path(path.clone(), depth);
                        }
                    }
                    TokenTree::Group(group) => {
                        self.uses(&trees(group.stream()), &path, depth, is_public);
                        is_leaf = false;
                    }
                    _ => {}
                }
            }
            if !is_leaf {
                continue;
            }
            let Some(last) = path.last().cloned() else { continue };
            if let Some(target) = relative(path.clone(), depth) {
                self.module.aliases.push((alias.unwrap_or(last), target));
            }
            if !is_public || self.leaves_its_folder(&path) {
                self.add_path(path, depth);
            }
        }
    }

    /// A re-export from below passes a name on; one from elsewhere is an import like any other.
    fn leaves_its_folder(&self, path: &[String]) -> bool {
        matches!(path[0].as_str(), "crate" | "super") && !self.path.is_empty()
    }

    fn add_path(&mut self, path: Vec<String>, depth: usize) {
        self.module.paths.extend(relative(path, depth));
    }
}

/// A path in an inline module as it reads from the file's module; absent for one that stays inside it.
fn relative(path: Vec<String>, depth: usize) -> Option<Vec<String>> {
    if depth == 0 || path[0] == "crate" {
        return Some(path);
    }
    let up = path.iter().take_while(|name| *name == "super").count();
    let rest = || path[up..].to_vec();
    match up.checked_sub(depth) {
        Some(0) => Some([vec!["self".to_owned()], rest()].concat()),
        Some(more) => Some([vec!["super".to_owned(); more], rest()].concat()),
        None => None,
    }
}

const DEFINING: &[&str] = &["fn", "struct", "enum", "trait", "type", "const", "static", "union"];

fn trees(stream: TokenStream) -> Vec<TokenTree> {
    stream.into_iter().collect()
}

fn ident(token: Option<&TokenTree>) -> Option<String> {
    match token {
        Some(TokenTree::Ident(word)) => Some(word.to_string()),
        _ => None,
    }
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

/// Whether a token ends `pub` or `pub(...)`.
fn is_visibility(tokens: &[TokenTree], at: usize) -> bool {
    let is_pub = |at: usize| ident(tokens.get(at)).is_some_and(|word| word == "pub");
    let is_scope =
        matches!(&tokens[at], TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis);
    is_pub(at) || is_scope && at.checked_sub(1).is_some_and(is_pub)
}

/// Tokens without the items below a `#[cfg(test)]`, at any depth.
fn without_tests(stream: TokenStream) -> Vec<TokenTree> {
    let mut kept = Vec::new();
    let mut tokens = stream.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let is_test = match (&token, tokens.peek()) {
            (hash, Some(TokenTree::Group(attribute))) if is_punct(hash, '#') => {
                is_cfg_test(attribute.stream())
            }
            _ => false,
        };
        if is_test {
            // The attribute, and the item up to its `;` or body.
            let is_end = |token: &TokenTree| {
                is_punct(token, ';')
                    || matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
            };
            let is_use = |token: &TokenTree| ident(Some(token)).is_some_and(|word| word == "use");
            let mut in_use = false;
            for token in tokens.by_ref() {
                in_use |= is_use(&token);
                if is_punct(&token, ';') || !in_use && is_end(&token) {
                    break;
                }
            }
            continue;
        }
        kept.push(match token {
            TokenTree::Group(group) => {
                let inner = without_tests(group.stream()).into_iter().collect();
                TokenTree::Group(proc_macro2::Group::new(group.delimiter(), inner))
            }
            other => other,
        });
    }
    kept
}

/// Whether an attribute is `cfg(test)` or `cfg(all(test, ...))`.
fn is_cfg_test(attribute: TokenStream) -> bool {
    let tokens = trees(attribute);
    let [TokenTree::Ident(name), TokenTree::Group(condition)] = tokens.as_slice() else { return false };
    let mut condition = trees(condition.stream());
    if let [TokenTree::Ident(all), TokenTree::Group(inner)] = condition.as_slice()
        && all == "all"
    {
        condition = trees(inner.stream());
    }
    name == "cfg" && condition.iter().any(|token| ident(Some(token)).is_some_and(|word| word == "test"))
}
