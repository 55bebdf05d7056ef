//! A container of packages, one child at a time: each is a small tree, whatever the size of the whole.

use quick_xml::{
    Reader,
    escape::resolve_xml_entity,
    events::{BytesStart, Event},
};
use zeroize::Zeroizing;

use super::TokenError;

/// One tag with what stands in it. Names are without their prefix.
#[derive(Default)]
pub(super) struct Node {
    name: String,
    attributes: Vec<(String, String)>,
    text: Zeroizing<String>,
    children: Vec<Node>,
}

impl Node {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The first tag of this path below.
    pub(super) fn find(&self, path: &[&str]) -> Option<&Self> {
        let Some((first, rest)) = path.split_first() else { return Some(self) };
        self.children.iter().filter(|child| child.name == *first).find_map(|child| child.find(rest))
    }

    /// What stands in it; empty where there is none.
    pub(super) fn text(&self, path: &[&str]) -> &str {
        self.find(path).map_or("", |node| node.text.trim())
    }

    /// An attribute; empty where there is none.
    pub(super) fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value)
    }
}

/// Gives every child of the outermost tag, which must have this name.
pub(super) fn each_child(
    text: &str,
    root: &str,
    take: &mut dyn FnMut(Node) -> Result<(), TokenError>,
) -> Result<(), TokenError> {
    let mut xml = Reader::from_str(text);
    let (mut path, mut nodes, mut all): (Vec<Node>, usize, usize) = (Vec::new(), 0, 0);
    loop {
        if all > MAX_ALL_NODES {
            return Err(TokenError::TooMany);
        }
        match xml.read_event().map_err(|_| TokenError::Broken)? {
            Event::Start(tag) => {
                (nodes, all) = (if path.len() > 1 { nodes + 1 } else { 0 }, all + 1);
                if path.len() == MAX_DEPTH || nodes > MAX_NODES {
                    return Err(TokenError::Broken);
                }
                path.push(node(&tag)?);
                if path[0].name != root {
                    return Err(TokenError::Broken);
                }
            }
            Event::Empty(tag) => {
                (nodes, all) = (nodes + 1, all + 1);
                if nodes > MAX_NODES {
                    return Err(TokenError::Broken);
                }
                let node = node(&tag)?;
                path.last_mut().ok_or(TokenError::Broken)?.children.push(node);
            }
            Event::End(_) => {
                let ended = path.pop().ok_or(TokenError::Broken)?;
                match path.len() {
                    0 => return Ok(()),
                    1 => take(ended)?,
                    _ => path.last_mut().ok_or(TokenError::Broken)?.children.push(ended),
                }
            }
            Event::Eof | Event::DocType(_) => return Err(TokenError::Broken),
            other => add_text(path.last_mut(), &other)?,
        }
    }
}

fn node(tag: &BytesStart<'_>) -> Result<Node, TokenError> {
    let mut attributes = Vec::new();
    for attribute in tag.attributes().take(MAX_ATTRIBUTES) {
        let attribute = attribute.map_err(|_| TokenError::Broken)?;
        attributes.push((attribute.key.local_name().as_ref().to_owned(), attribute.value.into_owned()));
    }
    Ok(Node { name: tag.local_name().as_ref().to_owned(), attributes, ..Node::default() })
}

fn add_text(node: Option<&mut Node>, event: &Event<'_>) -> Result<(), TokenError> {
    let Some(node) = node else { return Ok(()) };
    match event {
        Event::Text(text) => node.text.push_str(text),
        Event::CData(text) => node.text.push_str(text),
        Event::GeneralRef(name) => match name.resolve_char_ref() {
            Ok(Some(character)) => node.text.push(character),
            Ok(None) => node.text.push_str(resolve_xml_entity(name).ok_or(TokenError::Broken)?),
            Err(_) => return Err(TokenError::Broken),
        },
        _ => {}
    }
    Ok(())
}

const MAX_ATTRIBUTES: usize = 32;
const MAX_DEPTH: usize = 32;
/// In all children together: each takes about 150 bytes.
const MAX_ALL_NODES: usize = 1_000_000;
/// In one child.
const MAX_NODES: usize = 1000;
