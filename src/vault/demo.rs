//! The built-in accounts of `--demo`: in memory, never on a disk. Their secrets are made from their names.

use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{
    account::{Account, AccountId},
    backups::Keep,
    document::Document,
    place::Place,
    store::{Vault, World},
};
use crate::{
    clock::Clock,
    crypt::Identity,
    otp::{Counter, Digits, Kind, Otp, Period, Secret},
};

/// Issuer, account, kind of code, tags.
type Row = (&'static str, &'static str, Sort, &'static [&'static str]);

#[derive(Clone, Copy)]
enum Sort {
    Eight,
    Hotp,
    Short,
    Steam,
    Totp,
}

const ROWS: [Row; 12] = [
    ("GitHub", "hugo@example.com", Sort::Totp, &["work", "git"]),
    ("AWS root", "ops-prod", Sort::Totp, &["work"]),
    ("Grafana", "hugo", Sort::Totp, &["work"]),
    ("GitLab", "hugo@corp.example", Sort::Totp, &["work", "git"]),
    ("Hetzner", "ops@corp.example", Sort::Totp, &["work"]),
    ("株式会社テスト", "taro@example.jp", Sort::Totp, &["work"]),
    ("Proxmox VE", "root@pam", Sort::Totp, &["lab"]),
    ("VPN gateway", "hhs", Sort::Short, &["home"]),
    ("Steam", "hugo_s", Sort::Steam, &["home"]),
    ("Bank token", "12345678", Sort::Eight, &["home"]),
    ("Old router", "admin", Sort::Hotp, &["lab"]),
    ("مصرف المثال", "hugo@example.ae", Sort::Totp, &["home"]),
];

/// How many of the rows are favourites, from the top.
const FAVOURITES: usize = 3;

/// A vault in memory with the built-in accounts.
pub fn vault(clock: Arc<dyn Clock>) -> Vault {
    holding(&ROWS.iter().enumerate().map(account).collect::<Vec<_>>(), clock)
}

/// A vault in memory without accounts.
pub fn empty(clock: Arc<dyn Clock>) -> Vault {
    holding(&[], clock)
}

fn holding(accounts: &[Account], clock: Arc<dyn Clock>) -> Vault {
    let nowhere = std::path::PathBuf::from("/nonexistent/sesam-demo");
    let world = World { clock, state_dir: nowhere.clone(), keep: Keep::default(), trash_days: 30 };
    let mut document = Document::empty("00000000000000000000000000000000");
    document.add(accounts);
    Vault::in_memory(Place::new(&nowhere), Identity::generate(), world, &document)
}

fn account((at, (issuer, name, sort, tags)): (usize, &Row)) -> Account {
    let hash = Sha256::digest(format!("sesam demo {issuer}:{name}"));
    let secret = Secret::new(hash[..20].to_vec()).expect("20 bytes are a secret");
    let mut account = Account::new(issuer, name, otp(*sort, secret), born(at));
    account.id = AccountId::from_text(&format!("01JD5W{:020}", at + 1));
    account.tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    account.favourite = at < FAVOURITES;
    if at == 0 {
        account.note = "recovery codes: safe, shelf 2".into();
    }
    account
}

fn otp(sort: Sort, secret: Secret) -> Otp {
    let period = |seconds| Period::new(seconds).expect("a period within its limits");
    match sort {
        Sort::Totp => Otp::totp(secret),
        Sort::Eight => {
            Otp { digits: Digits::new(8).expect("eight digits are within the limits"), ..Otp::totp(secret) }
        }
        Sort::Hotp => Otp::new(Kind::Hotp { counter: Counter::new(7).expect("a small counter") }, secret),
        Sort::Short => Otp::new(Kind::Totp { period: period(15) }, secret),
        Sort::Steam => Otp::new(Kind::Steam, secret),
    }
}

fn born(at: usize) -> Timestamp {
    Timestamp::from_second(1_772_445_600 + i64::try_from(at).unwrap_or(0)).expect("a time in 2026")
}
