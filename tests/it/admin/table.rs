//! The README's table of what works on which server, made from what each provider says of itself.

use std::{fmt::Write as _, io::Write as _, path::Path};

use sesam::admin::{
    capability::{Capabilities, Capability},
    keycloak, privacyidea,
};

const BEGIN: &str =
    "<!-- made from the providers: SESAM_TEST_WRITE=1 cargo test --all-features admin::table -->\n";
const END: &str = "<!-- end -->\n";

/// What each capability is called for people.
const SAYS: [(&str, &str); 11] = [
    ("reset", "take all bindings away, lead to binding anew"),
    ("unbind", "take one binding away"),
    ("enrol", "bind on behalf, QR code in the terminal"),
    ("bypass", "no second step until a time"),
    ("unlock", "end a lock"),
    ("passcode", "issue a passcode"),
    ("enable", "disable and enable"),
    ("factors", "switch factors of an application"),
    ("audit", "read the audit"),
    ("follow", "follow it"),
    ("statistics", "count it"),
];

fn table() -> String {
    let servers = [
        ("sesamd", Capabilities::ALL),
        ("privacyIDEA", privacyidea::CAPABILITIES),
        ("Keycloak", keycloak::CAPABILITIES),
    ];
    let mut notes: Vec<&str> = vec![];
    let mut text = "| |".to_owned();
    for (name, _) in &servers {
        let _ = write!(text, " {name} |");
    }
    text.push_str("\n|---|---|---|---|\n");
    for (at, (name, says)) in SAYS.iter().enumerate() {
        let _ = write!(text, "| {says} |");
        for (_, all) in &servers {
            let (own, capability) = all.named()[at];
            assert_eq!(own, *name, "every capability has its row");
            let cell = match capability {
                Capability::Yes => "yes".to_owned(),
                Capability::Emulated(how) => format!("yes ({})", note(&mut notes, how)),
                Capability::No(why) => format!("no ({})", note(&mut notes, why)),
            };
            let _ = write!(text, " {cell} |");
        }
        text.push('\n');
    }
    text.push('\n');
    for (at, words) in (1..).zip(&notes) {
        let _ = writeln!(text, "{at}. {words}");
    }
    text
}

/// The number of a remark; the same words have one.
fn note(notes: &mut Vec<&'static str>, words: &'static str) -> usize {
    let found = notes.iter().position(|own| *own == words);
    found.map_or_else(
        || {
            notes.push(words);
            notes.len()
        },
        |at| at + 1,
    )
}

#[test]
fn the_readme_says_what_each_server_can_do() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).expect("the table begins");
    let (own, after) = rest.split_once(END).expect("the table ends");
    let table = table();
    if std::env::var_os("SESAM_TEST_WRITE").is_some() {
        let fresh = format!("{before}{BEGIN}{table}{END}{after}");
        std::fs::File::create(&path).unwrap().write_all(fresh.as_bytes()).unwrap();
        return;
    }
    assert_eq!(own, table, "write it anew with SESAM_TEST_WRITE=1");
}
