//! Rooms and floors, and which arrow between them is allowed.

use super::sheet::Sheet;

const FLOOR_1: [&str; 13] = [
    "api",
    "capture",
    "clipboard",
    "clock",
    "config",
    "crypt",
    "keyring",
    "otp",
    "output",
    "qr",
    "text",
    "tokens",
    "words",
];
const FLOOR_2: [&str; 4] = ["admin", "formats", "server", "vault"];

/// The floor of a room; `None` for what is no room. `main`, `bin` and `lib` are the door and the map.
fn floor(room: &str) -> Option<u8> {
    match room {
        room if FLOOR_1.contains(&room) => Some(1),
        room if FLOOR_2.contains(&room) => Some(2),
        "import" | "tui" => Some(3),
        "cli" => Some(4),
        "bin" | "lib" | "main" => Some(5),
        _ => None,
    }
}

fn may_use(room: &str, other: &str) -> bool {
    match (room, other) {
        (room, other) if room == other => true,
        ("tokens", "otp") | ("tui", "import") => true,
        ("tui" | "cli", "server") => false,
        (room, other) => floor(room) > floor(other),
    }
}

pub(super) fn offences(sheets: &[Sheet]) -> Vec<String> {
    let mut offences = Vec::new();
    for sheet in sheets {
        let room = sheet.room();
        let Some(own) = floor(room) else {
            let advice = "name it in DESIGN and in tests/it/architecture/house.rs";
            offences.push(sheet.at(1, &format!("{room} is no room of the house: {advice}")));
            continue;
        };
        for arrow in sheet.arrows.iter().filter(|arrow| !arrow.in_test) {
            let other = arrow.target[0].as_str();
            let path = format!("crate::{}", arrow.target.join("::"));
            match floor(other) {
                _ if may_use(room, other) => {}
                Some(floor) => {
                    let sentence =
                        format!("{room} (floor {own}) may not use {other} (floor {floor}): {path}");
                    offences.push(sheet.at(arrow.line, &sentence));
                }
                None => offences.push(sheet.at(arrow.line, &format!("{path} lies in no room of the house"))),
            }
        }
    }
    offences
}
