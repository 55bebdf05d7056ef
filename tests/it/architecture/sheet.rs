//! One source file as the rules see it: its paths, its functions, its length. Reads with `syn`; knows no rule.

use std::{fs, path::Path};

use proc_macro2::{TokenStream, TokenTree};
use syn::{spanned::Spanned, visit::Visit};

/// One source file.
pub(super) struct Sheet {
    /// Below `src/`.
    pub(super) path: String,
    /// `vault::store`, as its parts.
    pub(super) module: Vec<String>,
    /// Lines without inline tests.
    pub(super) lines: usize,
    /// Whether it begins with `//!`.
    pub(super) speaks: bool,
    pub(super) arrows: Vec<Arrow>,
    pub(super) functions: Vec<Function>,
    pub(super) mentions: Vec<Mention>,
    /// Modules in files of their own that are there for tests alone.
    test_modules: Vec<Vec<String>>,
}

/// A path into this crate.
pub(super) struct Arrow {
    /// From the root of the crate.
    pub(super) target: Vec<String>,
    pub(super) line: usize,
    pub(super) in_test: bool,
    /// Whether it is a `pub use`: it shows something, under `name`.
    pub(super) shows: bool,
    pub(super) name: Option<String>,
}

/// A function and its length from `fn` to its closing brace.
pub(super) struct Function {
    pub(super) name: String,
    pub(super) line: usize,
    pub(super) lines: usize,
}

/// A path that leads out of the crate, or the name of a macro with its `!`.
pub(super) struct Mention {
    pub(super) path: Vec<String>,
    pub(super) line: usize,
    pub(super) in_use: bool,
    pub(super) in_test: bool,
}

impl Sheet {
    /// The first part of its path: the room that it lies in.
    pub(super) fn room(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    pub(super) fn at(&self, line: usize, sentence: &str) -> String {
        format!("src/{}:{line}: {sentence}", self.path)
    }
}

/// Reads every source file below a directory.
pub(super) fn read_tree(src: &Path) -> Vec<Sheet> {
    let mut files = Vec::new();
    let mut waiting = vec![src.to_owned()];
    while let Some(dir) = waiting.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path.strip_prefix(src).unwrap().to_string_lossy().replace('\\', "/");
                files.push((name, fs::read_to_string(path).unwrap()));
            }
        }
    }
    files.sort();
    read_texts(files)
}

/// Reads files from paths below `src/` and texts.
pub(super) fn read_texts(files: impl IntoIterator<Item = (String, String)>) -> Vec<Sheet> {
    let mut sheets: Vec<Sheet> = files.into_iter().map(|(path, text)| read(path, &text)).collect();
    let tests: Vec<_> = sheets.iter().flat_map(|sheet| sheet.test_modules.clone()).collect();
    for sheet in &mut sheets {
        if tests.iter().any(|test| sheet.module.starts_with(test)) {
            sheet.arrows.iter_mut().for_each(|arrow| arrow.in_test = true);
            sheet.mentions.iter_mut().for_each(|mention| mention.in_test = true);
        }
    }
    sheets
}

fn read(path: String, text: &str) -> Sheet {
    let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let module: Vec<String> = path
        .trim_end_matches(".rs")
        .split('/')
        .filter(|part| !["mod", "lib", "main"].contains(part))
        .map(str::to_owned)
        .collect();
    let sheet = Sheet {
        lines: text.lines().count(),
        speaks: text.starts_with("//!"),
        module: module.clone(),
        path,
        arrows: vec![],
        functions: vec![],
        mentions: vec![],
        test_modules: vec![],
    };
    let mut reader = Reader { sheet, module, children: children(&file.items), tests: 0 };
    reader.visit_file(&file);
    use_what_is_shown(&mut reader.sheet);
    reader.sheet
}

/// A file that shows a thing with `pub use` and names it besides needs it as well.
fn use_what_is_shown(sheet: &mut Sheet) {
    let shown = |mention: &Mention| {
        let arrow =
            sheet.arrows.iter().find(|arrow| arrow.shows && arrow.name.as_ref() == mention.path.first());
        arrow.filter(|_| !mention.in_use).map(|arrow| Arrow {
            target: arrow.target.clone(),
            line: mention.line,
            in_test: mention.in_test,
            shows: false,
            name: None,
        })
    };
    let arrows: Vec<Arrow> = sheet.mentions.iter().filter_map(shown).collect();
    sheet.arrows.extend(arrows);
}

/// The modules of a file that lie in files of their own.
fn children(items: &[syn::Item]) -> Vec<String> {
    let name = |item: &syn::Item| match item {
        syn::Item::Mod(module) if module.content.is_none() => Some(module.ident.to_string()),
        _ => None,
    };
    items.iter().filter_map(name).collect()
}

struct Reader {
    sheet: Sheet,
    /// The module that is being read: the file's, or one inside it.
    module: Vec<String>,
    children: Vec<String>,
    /// How many `#[cfg(test)]` lie around.
    tests: usize,
}

impl Reader {
    fn path(&mut self, path: Vec<String>, line: usize) {
        self.note(path, line, None);
    }

    fn note(&mut self, path: Vec<String>, line: usize, import: Option<(bool, String)>) {
        let in_test = self.tests > 0;
        let target = self.resolve(&path);
        let in_use = import.is_some();
        match target {
            Some(target) if !target.is_empty() => {
                let (shows, name) = import.map_or((false, None), |(shows, name)| (shows, Some(name)));
                self.sheet.arrows.push(Arrow { target, line, in_test, shows, name });
            }
            Some(_) => {}
            None => self.sheet.mentions.push(Mention { path, line, in_use, in_test }),
        }
    }

    /// From the root of the crate; `None` for what leads out of it or is known from elsewhere.
    fn resolve(&self, path: &[String]) -> Option<Vec<String>> {
        let first = path.first()?.as_str();
        let (mut base, mut rest) = match first {
            "crate" | "sesam" => (vec![], &path[1..]),
            "self" if path.len() > 1 => (self.module.clone(), &path[1..]),
            "super" => (self.module.clone(), path),
            name if path.len() > 1 && self.children.iter().any(|child| child == name) => {
                (self.sheet.module.clone(), path)
            }
            _ => return None,
        };
        while rest.first().is_some_and(|part| part == "super") {
            base.pop();
            rest = &rest[1..];
        }
        if rest.is_empty() { Some(vec![]) } else { Some([base.as_slice(), rest].concat()) }
    }

    fn use_tree(&mut self, tree: &syn::UseTree, before: &[String], shows: bool) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        let (path, name) = match tree {
            syn::UseTree::Path(path) => return self.use_tree(&path.tree, &with(&path.ident), shows),
            syn::UseTree::Group(group) => {
                return group.items.iter().for_each(|item| self.use_tree(item, before, shows));
            }
            syn::UseTree::Name(name) if name.ident == "self" => (before.to_vec(), before.last().cloned()),
            syn::UseTree::Name(name) => (with(&name.ident), Some(name.ident.to_string())),
            syn::UseTree::Rename(rename) => (with(&rename.ident), Some(rename.rename.to_string())),
            syn::UseTree::Glob(_) => (before.to_vec(), None),
        };
        self.note(path, tree.span().start().line, Some((shows, name.unwrap_or_default())));
    }

    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let (mut line, mut colons) = (0, 0);
        for token in tokens
            .into_iter()
            .chain([TokenTree::Punct(proc_macro2::Punct::new(';', proc_macro2::Spacing::Alone))])
        {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == ':' && !path.is_empty() => colons += 1,
                TokenTree::Ident(name) if !path.is_empty() && colons == 2 => {
                    path.push(name.to_string());
                    colons = 0;
                }
                other => {
                    if let (TokenTree::Punct(punct), [name]) = (&other, path.as_slice())
                        && punct.as_char() == '!'
                    {
                        path = vec![format!("{name}!")];
                    }
                    if !path.is_empty() {
                        self.path(std::mem::take(&mut path), line);
                    }
                    colons = 0;
                    match other {
                        TokenTree::Group(group) => self.tokens(group.stream()),
                        TokenTree::Ident(name) => {
                            line = name.span().start().line;
                            path = vec![name.to_string()];
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    fn function(&mut self, signature: &syn::Signature, end: proc_macro2::Span) {
        let line = signature.span().start().line;
        let lines = end.end().line - line + 1;
        self.sheet.functions.push(Function { name: signature.ident.to_string(), line, lines });
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let tests = usize::from(attributes(item).iter().any(is_test));
        self.tests += tests;
        syn::visit::visit_item(self, item);
        self.tests -= tests;
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.module.push(module.ident.to_string());
        match &module.content {
            None if self.tests > 0 => self.sheet.test_modules.push(self.module.clone()),
            None => {}
            Some(_) => {
                if self.tests > 0 {
                    let span = module.span();
                    self.sheet.lines -= span.end().line - span.start().line + 1;
                }
                syn::visit::visit_item_mod(self, module);
            }
        }
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let shows = !matches!(item.vis, syn::Visibility::Inherited);
        self.use_tree(&item.tree, &[], shows);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.path(names, path.span().start().line);
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        if let Some(name) = call.path.get_ident() {
            self.path(vec![format!("{name}!")], call.span().start().line);
        }
        syn::visit::visit_macro(self, call);
        self.tokens(call.tokens.clone());
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.function(&function.sig, function.block.span());
        syn::visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.function(&function.sig, function.block.span());
        syn::visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.function(&function.sig, block.span());
        }
        syn::visit::visit_trait_item_fn(self, function);
    }
}

fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn is_test(attribute: &syn::Attribute) -> bool {
    let syn::Meta::List(list) = &attribute.meta else { return false };
    list.path.is_ident("cfg")
        && list.tokens.to_string().split(|c: char| !c.is_alphanumeric()).any(|w| w == "test")
}
