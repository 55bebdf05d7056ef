//! What has one place in the house: the crate age, SQL, printing, the clock.

use super::sheet::{Mention, Sheet};

const PRINTS: [&str; 5] = ["dbg!", "eprint!", "eprintln!", "print!", "println!"];
const NOW: [[&str; 2]; 4] =
    [["Instant", "now"], ["SystemTime", "now"], ["Timestamp", "now"], ["Zoned", "now"]];

pub(super) fn offences(sheets: &[Sheet]) -> Vec<String> {
    let judge = |sheet: &Sheet, mention: &Mention| {
        sentence(sheet, mention).map(|sentence| sheet.at(mention.line, &sentence))
    };
    sheets.iter().flat_map(|sheet| sheet.mentions.iter().filter_map(move |one| judge(sheet, one))).collect()
}

fn sentence(sheet: &Sheet, mention: &Mention) -> Option<String> {
    let words: Vec<&str> = mention.path.iter().map(String::as_str).collect();
    let room = sheet.room();
    match words.as_slice() {
        ["age", ..] if room != "crypt" && (words.len() > 1 || mention.in_use) => {
            Some(format!("the crate age lives in src/crypt alone: {}", words.join("::")))
        }
        ["sqlx", ..] if !sheet.path.starts_with("server/store/") && (words.len() > 1 || mention.in_use) => {
            Some(format!("the crate sqlx lives in src/server/store alone: {}", words.join("::")))
        }
        [name] if PRINTS.contains(name) && room != "output" && !mention.in_test => {
            Some(format!("only src/output prints: {name}"))
        }
        [.., kind, "now"] if NOW.contains(&[kind, "now"]) && room != "clock" => {
            Some(format!("only src/clock.rs asks for the time: {kind}::now"))
        }
        _ => None,
    }
}
