//! Files of one room that need each other in a circle. A room's own file may show what its files hold (`pub use`):
//! an arrow to something shown is an arrow to where it is held.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::sheet::{Arrow, Sheet};

/// The arrows of each file by the file they point at, with the line of the first.
type Needs<'a> = BTreeMap<&'a str, BTreeMap<&'a str, usize>>;

pub(super) fn offences(sheets: &[Sheet]) -> Vec<String> {
    let needs = needs(sheets);
    let mut told = BTreeSet::new();
    let mut offences = Vec::new();
    for sheet in sheets {
        let Some(circle) = circle(&needs, &sheet.path) else { continue };
        if circle.iter().any(|file| told.contains(file)) {
            continue;
        }
        let line = needs[sheet.path.as_str()][circle[1]];
        offences.push(sheet.at(line, &format!("an import circle: {}", circle.join(" -> "))));
        told.extend(circle);
    }
    offences
}

fn needs(sheets: &[Sheet]) -> Needs<'_> {
    let mut needs = Needs::new();
    for sheet in sheets {
        let own = needs.entry(sheet.path.as_str()).or_default();
        for arrow in sheet.arrows.iter().filter(|arrow| !arrow.in_test && !arrow.shows) {
            if let Some(other) = holder(sheets, &arrow.target)
                && other.path != sheet.path
                && other.room() == sheet.room()
            {
                own.entry(&other.path).or_insert(arrow.line);
            }
        }
    }
    needs
}

/// The file in which the thing at a path is held, behind every file that only shows it.
fn holder<'a>(sheets: &'a [Sheet], target: &[String]) -> Option<&'a Sheet> {
    let mut target = target.to_vec();
    for _ in 0..8 {
        let file = sheets
            .iter()
            .filter(|sheet| target.starts_with(&sheet.module))
            .max_by_key(|sheet| sheet.module.len())?;
        let name = target.get(file.module.len());
        let shown = |arrow: &&Arrow| arrow.shows && arrow.name.as_ref() == name && name.is_some();
        match file.arrows.iter().find(shown) {
            Some(arrow) => {
                target = [arrow.target.as_slice(), &target[file.module.len() + 1..]].concat();
            }
            None => return Some(file),
        }
    }
    None
}

/// The shortest way from a file back to itself.
fn circle<'a>(needs: &Needs<'a>, start: &'a str) -> Option<Vec<&'a str>> {
    let mut ways = VecDeque::from([vec![start]]);
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop_front() {
        for next in needs.get(way[way.len() - 1])?.keys() {
            let longer = [way.as_slice(), &[*next]].concat();
            if *next == start {
                return Some(longer);
            }
            if seen.insert(*next) {
                ways.push_back(longer);
            }
        }
    }
    None
}
