//! The file that `sesam config init` writes: every key at its default, as a comment. Made from the table.

use super::keys::{KEYS, Key, SECTIONS, SERVER_KEYS};
use super::kind::Kind;

/// The commented default file.
pub fn default_file() -> String {
    let mut file = String::new();
    for key in KEYS.iter().filter(|key| !key.name.contains('.')) {
        file.push_str(&commented(key.name, key));
    }
    for section in SECTIONS {
        file.extend(["[", section, "]\n"]);
        for key in KEYS {
            if let Some((of, name)) = key.name.split_once('.')
                && of == section
            {
                file.push_str(&commented(name, key));
            }
        }
        match section {
            "admin" => file.push_str(&server()),
            "keys" => file.push_str(&line(r#"# copy = ["enter", "c", "y"]"#, KEYS_WORDS)),
            _ => {}
        }
    }
    file
}

fn server() -> String {
    let keys = SERVER_KEYS.iter().map(|key| commented(key.name, key));
    std::iter::once("# [admin.servers.mfa-prod]\n".to_owned()).chain(keys).collect()
}

fn commented<T>(name: &str, key: &Key<T>) -> String {
    line(&format!("# {name} = {}", key.default), &comment(key))
}

fn line(setting: &str, comment: &str) -> String {
    let room = COMMENT_COLUMN.saturating_sub(setting.chars().count()).max(3);
    let line =
        if comment.is_empty() { setting.to_owned() } else { format!("{setting}{:room$}# {comment}", "") };
    line + "\n"
}

/// The words of a choice, what the key is about, and its variable.
fn comment<T>(key: &Key<T>) -> String {
    let words = match (key.kind, key.words) {
        (Kind::Choice(choices), "") => choices.join(" | "),
        (Kind::Choice(choices), words) => format!("{}: {words}", choices.join(" | ")),
        (_, words) => words.to_owned(),
    };
    match key.env {
        None => words,
        Some(env) if words.is_empty() => format!("env {}", env.name),
        Some(env) => format!("{words} (env {})", env.name),
    }
}

const COMMENT_COLUMN: usize = 32;
const KEYS_WORDS: &str = "sesam keys  lists all action names";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, FileText, Sources, load};

    #[test]
    fn is_the_one_in_assets() {
        let committed = include_str!("../../assets/config.toml");
        assert_eq!(default_file(), committed, "assets/config.toml is made from the table of keys");
    }

    #[test]
    fn says_nothing_as_long_as_it_is_commented() {
        let text = default_file();
        assert!(text.lines().all(|line| line.starts_with("# ") || line.starts_with('[')));
        let files = [FileText::new("config.toml", &text)];
        let loaded = load(&Sources { files: &files, ..Sources::none() }).expect("it is TOML");
        assert_eq!((loaded.config, loaded.warnings), (Config::default(), vec![]));
    }

    #[test]
    fn uncommented_it_says_the_defaults() {
        let text = default_file().replace("# [", "[").lines().map(uncommented).collect::<String>();
        let files = [FileText::new("config.toml", &text)];
        let loaded = load(&Sources { files: &files, ..Sources::none() }).expect("it is TOML");
        assert_eq!(loaded.warnings, vec![]);
        let mut config = loaded.config;
        assert_eq!(config.vault.path.take(), Some("~/.local/share/sesam/vault.age".into()));
        assert_eq!(
            config.admin.servers.remove("mfa-prod").expect("the example").url,
            "https://mfa.corp.example"
        );
        assert_eq!(config.keys.remove("copy").expect("the example"), ["enter", "c", "y"]);
        assert_eq!(config, Config::default());
    }

    fn uncommented(line: &str) -> String {
        format!("{}\n", line.strip_prefix("# ").unwrap_or(line))
    }
}
