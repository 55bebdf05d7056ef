//! A thousand seeds that are known, and everything that somebody could carry away: the files of the database, a dump,
//! the backup, the logs. None of them is found, however it might be written.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::json;

use super::{
    databases::{Database, bin},
    http::Client,
    people::{body, code, otp, settle},
    process::{Sesamd, Site},
};
use crate::cli::sesam::skipped;
/// Half of the seeds belong to users, half to hardware tokens that nobody has.
const HALF: usize = 500;
/// What is compared first of every way to write a seed.
const START: usize = 12;

/// The seeds in six ways to write them.
struct Hidden {
    texts: HashSet<Vec<u8>>,
    starts: HashSet<[u8; START]>,
    /// Which two bytes one begins with: most places are passed by a look into this.
    pairs: Vec<bool>,
}

impl Hidden {
    fn new(seeds: impl Iterator<Item = Vec<u8>>) -> Self {
        let texts: HashSet<Vec<u8>> = seeds.flat_map(|seed| ways(&seed)).collect();
        let starts = texts.iter().map(|text| text[..START].try_into().unwrap()).collect();
        let mut pairs = vec![false; 1 << 16];
        for text in &texts {
            pairs[pair(text[0], text[1])] = true;
        }
        Self { texts, starts, pairs }
    }

    /// How many of them stand in there.
    fn found(&self, bytes: &[u8]) -> usize {
        let (mut found, mut last) = (0, 0);
        for (at, byte) in bytes.iter().enumerate().skip(1) {
            if self.pairs[pair(bytes[last], *byte)] && self.stands(&bytes[last..]) {
                found += 1;
            }
            last = at;
        }
        found
    }

    fn stands(&self, rest: &[u8]) -> bool {
        let start = rest.get(..START).is_some_and(|start| self.starts.contains(start));
        start && self.texts.iter().any(|text| rest.starts_with(text))
    }
}

fn pair(one: u8, next: u8) -> usize {
    usize::from(one) << 8 | usize::from(next)
}

fn ways(seed: &[u8]) -> [Vec<u8>; 6] {
    let base32 = data_encoding::BASE32_NOPAD.encode(seed);
    [
        seed.to_vec(),
        base32.to_lowercase().into_bytes(),
        base32.into_bytes(),
        data_encoding::HEXLOWER.encode(seed).into_bytes(),
        data_encoding::HEXUPPER.encode(seed).into_bytes(),
        data_encoding::BASE64_NOPAD.encode(seed).into_bytes(),
    ]
}

/// The seed of a hardware token.
fn token(nth: usize) -> Vec<u8> {
    let mut seed = format!("token {nth:06} its seed").into_bytes();
    seed.truncate(20);
    seed.reverse();
    seed
}

/// A table of tokens, as makers send it.
fn table() -> String {
    let rows = (0..HALF)
        .map(|nth| format!("t{nth:04},{},totp,6\n", data_encoding::BASE32_NOPAD.encode(&token(nth))));
    std::iter::once("serial,secret,type,digits\n".to_owned()).chain(rows).collect()
}

/// Every seed goes through the server once: the tokens come in, the users show codes, wrong ones as well.
fn live(site: &Site, server: &Sesamd, key: &str) {
    let owner = site.api_key("desk", "owner");
    let mut client = Client::connect(server.address).unwrap();
    let brought = client.post("/v1/admin/tokens", &owner, &json!({"content": table()}).to_string()).unwrap();
    assert_eq!((brought.status, &brought.json()["brought"]), (200, &json!(HALF)), "{}", brought.body);
    for nth in 0..HALF {
        let shown = if nth % 10 == 0 { "12345".to_owned() } else { code(nth) };
        let answer = client.post("/v1/verify", key, &body(&format!("user{nth}"), &shown)).unwrap();
        assert!(matches!(answer.status, 200 | 401), "{}", answer.body);
    }
    let lost = client.post("/v1/verify", key, "{\"user\": \"user1\", \"code\": 5, ").unwrap();
    assert_eq!(lost.status, 422);
}

/// What a thief gets of a database without its key file.
fn carried_away(site: &Site, database: &Database) -> Vec<(String, Vec<u8>)> {
    let mut files = vec![];
    walk(site.dir.path(), &mut files);
    walk(&database.dir, &mut files);
    files.retain(|path| path.file_name().is_none_or(|name| name != "sesamd.key"));
    let named = |path: PathBuf| Some((path.display().to_string(), std::fs::read(&path).ok()?));
    let mut all: Vec<_> = files.into_iter().filter_map(named).collect();
    if database.url.is_some() {
        all.extend(dump(&database.dir).map(|text| ("pg_dump".to_owned(), text)));
    } else {
        let backup = site.dir.path().join("copy.db");
        let mut made = site.command(&["backup"]);
        assert!(made.arg(&backup).output().unwrap().status.success());
        all.push(("backup".to_owned(), std::fs::read(backup).unwrap()));
    }
    all
}

fn walk(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let kind = entry.file_type().unwrap();
        match (kind.is_dir(), kind.is_file()) {
            (true, _) => walk(&entry.path(), files),
            (_, true) => files.push(entry.path()),
            _ => {}
        }
    }
}

/// What PostgreSQL's own program carries away; `None` where only the server is installed.
fn dump(socket: &Path) -> Option<Vec<u8>> {
    let beside = bin().expect("it serves").join("pg_dump");
    let program = if beside.exists() { beside } else { PathBuf::from("pg_dump") };
    let mut command = Command::new(program);
    command.arg("--host").arg(socket).args(["--username=postgres", "--column-inserts", "postgres"]);
    let Ok(dumped) = command.output() else {
        skipped("no pg_dump was found");
        return None;
    };
    assert!(dumped.status.success(), "{}", String::from_utf8_lossy(&dumped.stderr));
    Some(dumped.stdout)
}

#[test]
fn neither_databases_nor_dumps_backups_or_logs_hold_one_of_a_thousand_seeds() {
    let users = (0..HALF).map(|nth| otp(nth).secret.expose().to_vec());
    let hidden = Hidden::new(users.chain((0..HALF).map(token)));
    assert!(hidden.texts.len() > 2 * HALF * 5, "some are the same with small letters and with large ones");
    assert_eq!(hidden.found(table().as_bytes()), HALF, "it is found where it stands");
    for database in Database::all() {
        let site = Site::new(database.url.as_deref(), "");
        let key = settle(&site, HALF);
        let server = site.serve(0);
        live(&site, &server, &key);
        let mut all = carried_away(&site, &database);
        all.push(("log".to_owned(), server.log().into_bytes()));
        for (name, bytes) in &all {
            assert_eq!(hidden.found(bytes), 0, "{name} on {}", database.name);
        }
        let holds = |text: &str| {
            all.iter().any(|(_, bytes)| bytes.windows(text.len()).any(|one| one == text.as_bytes()))
        };
        assert!(holds("t0499") && holds("user499@"), "the rows themselves are there");
        let bytes: usize = all.iter().map(|(_, bytes)| bytes.len()).sum();
        assert!(all.len() > 3 && bytes > 500_000, "{} files, {bytes} bytes", all.len());
    }
}
