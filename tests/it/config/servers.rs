//! Profiles of servers.

use std::path::Path;

use sesam::config::{Confirm, FileText, ProviderKind, ServerKind, Sources, TokenSource, load};

use super::load_text;

#[test]
fn servers_are_merged_over_the_files() {
    let files = [
        FileText::new("system", "[admin.servers.mfa]\nurl = \"https://mfa.example\"\nread_only = true\n"),
        FileText::new(
            "user",
            "[admin.servers.mfa]\nprovider = \"keycloak\"\nkind = \"stage\"\ntoken = \"file:~/t\"\nca_file = \"~/ca.pem\"",
        ),
    ];
    let home = Some(Path::new("/home/hugo"));
    let loaded = load(&Sources { files: &files, home, ..Sources::none() }).expect("sound");
    let server = &loaded.config.admin.servers["mfa"];
    assert_eq!((server.url.as_str(), server.read_only), ("https://mfa.example", true));
    assert_eq!((server.provider, &server.kind), (ProviderKind::Keycloak, &ServerKind::Own("stage".into())));
    assert_eq!(server.token, TokenSource::File("/home/hugo/t".into()));
    assert_eq!(server.ca_file.as_deref(), Some(Path::new("/home/hugo/ca.pem")));
    assert_eq!(loaded.get("admin.servers.mfa.kind").expect("set").value, "\"stage\"");
}

#[test]
fn a_server_is_handled_with_care_when_in_doubt() {
    let text = "[admin.servers.a]\nurl = \"https://a\"\nread_only = \"no\"\nconfirm = \"plain\"\n\
                [admin.servers.b]\nkind = \"lab\"\nreadonly = true\n";
    let loaded = load_text(text).expect("only warnings");
    let server = &loaded.config.admin.servers["a"];
    assert!(server.read_only);
    assert_eq!((server.confirm, &server.kind), (Confirm::Typed, &ServerKind::Prod));
    assert!(!loaded.config.admin.servers.contains_key("b"));
    let told: Vec<String> = loaded.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "config.toml:3: admin.servers.a.read_only must be true or false; it keeps true",
            "config.toml:7: unknown key \"admin.servers.b.readonly\", did you mean read_only?",
            "config.toml:1: confirm = \"plain\" is refused for \"a\", which is of kind prod",
            "config.toml:5: the server \"b\" has no url",
        ]
    );
}
