//! The text inside a database, read once from its beginning to its end: its entries with their fields, groups and dates.

use jiff::Timestamp;
use quick_xml::{
    Reader,
    escape::resolve_xml_entity,
    events::{BytesRef, BytesStart, Event},
};
use zeroize::Zeroizing;

use super::{
    super::{FormatError, unlock::base64},
    fault::damaged,
    masked::Mask,
};

/// One entry.
#[derive(Default)]
pub(super) struct Entry {
    fields: Vec<(String, Zeroizing<String>)>,
    /// The tags of the entry, and the groups that it lies in as one tag.
    pub(super) tags: Vec<String>,
    /// When it was made.
    pub(super) created: Option<Timestamp>,
    /// Whether the user gave it a picture.
    pub(super) own_picture: bool,
}

impl Entry {
    /// A field; empty where there is none.
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str())
    }

    /// All fields, in their order.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Gives every entry of the text that is neither an old version nor in the recycle bin.
pub(super) fn each(
    text: &str,
    mask: Mask,
    take: &mut dyn FnMut(&Entry) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    let mut xml = Reader::from_str(text);
    let mut walk = Walk::new(mask, take);
    loop {
        match xml.read_event().map_err(|_| no_xml())? {
            Event::Start(tag) => walk.open(&tag)?,
            Event::End(_) => walk.close()?,
            Event::Text(text) => walk.text.push_str(&text),
            Event::CData(text) => walk.text.push_str(&text),
            Event::GeneralRef(name) => walk.text.push_str(&meaning(&name)?),
            Event::DocType(_) => return Err(no_xml()),
            Event::Eof if walk.path.is_empty() => return Ok(()),
            Event::Eof => return Err(damaged("its text is cut off")),
            _ => {}
        }
    }
}

/// What `&amp;` and its four kin mean, and `&#39;`. No other is known.
fn meaning(name: &BytesRef<'_>) -> Result<String, FormatError> {
    match name.resolve_char_ref() {
        Ok(Some(character)) => Ok(character.into()),
        Ok(None) => resolve_xml_entity(name).map(str::to_owned).ok_or_else(no_xml),
        Err(_) => Err(no_xml()),
    }
}

struct Walk<'t> {
    mask: Mask,
    take: &'t mut dyn FnMut(&Entry) -> Result<(), FormatError>,
    /// The names of the tags around, and whether what stands in them is masked.
    path: Vec<(String, bool)>,
    text: Zeroizing<String>,
    bin: String,
    /// Id and name of each group around.
    groups: Vec<(String, String)>,
    entry: Option<Entry>,
    field: String,
    old_versions: usize,
}

impl<'t> Walk<'t> {
    fn new(mask: Mask, take: &'t mut dyn FnMut(&Entry) -> Result<(), FormatError>) -> Self {
        Self {
            mask,
            take,
            path: Vec::new(),
            text: Zeroizing::default(),
            bin: String::new(),
            groups: Vec::new(),
            entry: None,
            field: String::new(),
            old_versions: 0,
        }
    }

    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), FormatError> {
        if self.path.len() == MAX_DEPTH {
            return Err(damaged("its text is nested too deep"));
        }
        let masked = tag.try_get_attribute("Protected").map_err(|_| no_xml())?;
        let masked = masked.is_some_and(|attribute| attribute.value.eq_ignore_ascii_case("true"));
        let name = tag.name();
        match name.as_ref() {
            "History" => self.old_versions += 1,
            "Entry" if self.old_versions == 0 => self.entry = Some(Entry::default()),
            "Group" => self.groups.push(Default::default()),
            _ => {}
        }
        self.path.push((name.as_ref().to_owned(), masked));
        self.text = Zeroizing::default();
        Ok(())
    }

    fn close(&mut self) -> Result<(), FormatError> {
        let Some((name, masked)) = self.path.pop() else { return Err(no_xml()) };
        let mut text = std::mem::take(&mut self.text);
        if masked && !text.is_empty() {
            text = self.unmasked(&text)?;
        }
        match name.as_str() {
            "History" => self.old_versions = self.old_versions.saturating_sub(1),
            "Group" => drop(self.groups.pop()),
            "RecycleBinUUID" => text.trim().clone_into(&mut self.bin),
            "Entry" if self.old_versions == 0 => return self.end_of_entry(),
            _ if self.old_versions > 0 => {}
            _ if self.entry.is_some() => self.of_entry(&name, text),
            "UUID" | "Name" if self.is_in("Group") => self.of_group(&name, &text),
            _ => {}
        }
        Ok(())
    }

    fn unmasked(&mut self, text: &str) -> Result<Zeroizing<String>, FormatError> {
        let mut bytes =
            base64(text).map(Zeroizing::new).ok_or_else(|| damaged("a value of it was changed"))?;
        self.mask.lift(&mut bytes);
        Ok(Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned()))
    }

    fn of_group(&mut self, name: &str, text: &str) {
        if let Some((id, title)) = self.groups.last_mut() {
            text.trim().clone_into(if name == "UUID" { id } else { title });
        }
    }

    fn of_entry(&mut self, name: &str, text: Zeroizing<String>) {
        let (in_string, in_times, in_entry) =
            (self.is_in("String"), self.is_in("Times"), self.is_in("Entry"));
        let Some(entry) = &mut self.entry else { return };
        match name {
            "Key" if in_string => text.as_str().clone_into(&mut self.field),
            "Value" if in_string => entry.fields.push((std::mem::take(&mut self.field), text)),
            "CreationTime" if in_times => entry.created = time(text.trim()),
            "CustomIconUUID" if in_entry => entry.own_picture = text.trim() != NO_ID,
            "Tags" if in_entry => {
                let tags = text.split([';', ',']).map(str::trim).filter(|tag| !tag.is_empty());
                entry.tags.extend(tags.map(str::to_owned));
            }
            _ => {}
        }
    }

    /// The group that all lie in is no tag.
    fn end_of_entry(&mut self) -> Result<(), FormatError> {
        let Some(mut entry) = self.entry.take() else { return Ok(()) };
        if self.groups.iter().any(|(id, _)| *id == self.bin && id != NO_ID && !id.is_empty()) {
            return Ok(());
        }
        let names: Vec<_> = self.groups.iter().skip(1).map(|(_, name)| name.as_str()).collect();
        if !names.is_empty() {
            entry.tags.insert(0, names.join("/"));
        }
        (self.take)(&entry)
    }

    fn is_in(&self, name: &str) -> bool {
        self.path.last().is_some_and(|(own, _)| own == name)
    }
}

/// A date as KDBX 3 writes it, or the seconds of the Christian era as KDBX 4 does.
fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        let seconds = i64::from_le_bytes(base64(text)?.try_into().ok()?);
        Timestamp::from_second(seconds.checked_sub(YEAR_1_TO_1970)?).ok()
    })
}

fn no_xml() -> FormatError {
    damaged("its text is no XML that KeePass writes")
}

const MAX_DEPTH: usize = 64;
const NO_ID: &str = "AAAAAAAAAAAAAAAAAAAAAA==";
const YEAR_1_TO_1970: i64 = 62_135_596_800;
