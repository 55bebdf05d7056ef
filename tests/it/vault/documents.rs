//! What can be done to accounts, where they stand afterwards, and what the plain text looks like.

use sesam::vault::{Account, AccountId};

use super::{
    home::{Home, change, day, hotp, issuers, second, totp},
    text::{Page, edit, edited},
};

fn page() -> Page {
    Page::new(&["Acme", "Bank", "Cloud", "Drive"].map(totp))
}

fn id_of(page: &Page, issuer: &str) -> AccountId {
    page.accounts().into_iter().find(|account| account.issuer == issuer).unwrap().id
}

fn ids_of(page: &Page, issuers: &[&str]) -> Vec<AccountId> {
    issuers.iter().map(|issuer| id_of(page, issuer)).collect()
}

#[test]
fn an_account_comes_back_as_it_was_written() {
    let mut account = totp("A \"quoted\" \\ name\u{7}\u{2028}\u{1f600}");
    account.note = "several\nlines\r\n\t= [x]".into();
    account.tags = vec!["work, home".into(), "\"".into(), String::new()];
    account.favourite = true;
    account.icon = "acme".into();
    let again = Page::new(std::slice::from_ref(&account)).accounts().remove(0);
    assert_eq!(again.block(), account.block());
    assert_eq!((again.issuer, again.note, again.tags), (account.issuer, account.note, account.tags));
    assert_eq!(again.otp, account.otp);
}

#[test]
fn only_the_lines_that_differ_bear_the_time_of_a_change() {
    let page = page();
    let id = id_of(&page, "Bank");
    let (page, ()) =
        page.then(|document| edit(document, &id, second(9), |account| account.note = "mine".into()));
    let account = page.document().account(&id).unwrap();
    assert_eq!(account.note, "mine");
    assert_eq!(account.changed.into_iter().collect::<Vec<_>>(), [("note".to_owned(), second(9))]);
    let (page, reverse) = page.then(|document| edited(document, &id, second(10), |_| ()));
    assert!(reverse.is_empty(), "nothing was changed");
    assert_eq!(page.document().account(&id).unwrap().changed["note"], second(9));
}

#[test]
fn an_account_that_has_gone_cannot_be_written() {
    let page = page();
    let account = page.accounts().remove(0);
    let (page, ()) = page.then(|document| drop(document.trash(std::slice::from_ref(&account.id), second(1))));
    assert!(page.document().put(&account, &account, second(2)).is_err());
}

#[test]
fn what_is_restored_stands_where_it_stood() {
    for gone in [
        &["Acme"][..],
        &["Bank"],
        &["Drive"],
        &["Bank", "Cloud"],
        &["Cloud", "Bank"],
        &["Acme", "Bank", "Cloud", "Drive"],
        &["Acme", "Drive"],
    ] {
        let page = page();
        let ids = ids_of(&page, gone);
        let (trashed, _) = page.then(|document| document.trash(&ids, second(1)));
        assert_eq!(trashed.accounts().len(), 4 - gone.len());
        let (restored, _) = trashed.then(|document| document.restore(&ids, second(2)));
        assert_eq!(restored.texts(), page.texts(), "{gone:?}");
        assert!(restored.trashed().is_empty());
    }
}

#[test]
fn what_stood_behind_something_gone_comes_to_the_end() {
    let page = page();
    let ids = ids_of(&page, &["Bank", "Cloud"]);
    let (page, _) = page.then(|document| document.trash(&ids, second(1)));
    let (page, _) = page.then(|document| document.restore(&ids[1..], second(2)));
    assert_eq!(page.issuers(), ["Acme", "Drive", "Cloud"]);
}

#[test]
fn ids_that_are_not_there_are_left_out() {
    let page = page();
    let nobody = [AccountId::from_text("01JD5W0000000000000000000X")];
    let (after, reverse) = page.then(|document| document.trash(&nobody, second(1)));
    assert!(reverse.is_empty());
    let (after, reverse) = after.then(|document| document.restore(&nobody, second(1)));
    assert!(reverse.is_empty() && after.then(|document| document.purge(&nobody, second(1))).1 == 0);
    assert_eq!(after.texts(), page.texts());
}

#[test]
fn the_trash_keeps_accounts_for_thirty_days() {
    let home = Home::with(&["Acme", "Bank"].map(totp));
    change(&home.vault, |document| {
        let id = document.read_accounts().unwrap().remove(0).id;
        document.trash(&[id], day(0));
    });
    let save_on = |days: i64| change(&home.on(days), |_| ());
    let counts = || {
        let opened = home.vault.read().unwrap();
        let document = opened.document().unwrap();
        (document.accounts.len(), document.trash.len(), document.deleted.len())
    };
    save_on(30);
    assert_eq!(counts(), (1, 1, 0));
    save_on(31);
    assert_eq!(counts(), (1, 0, 1));
    save_on(400);
    assert_eq!(counts(), (1, 0, 1), "a tombstone stays");
    assert_eq!(issuers(&home.vault), ["Bank"]);
}

/// Who restored it elsewhere at the last moment is not overruled by a trash that emptied itself later.
#[test]
fn what_expired_is_gone_since_the_day_it_was_deleted() {
    let page = page();
    let ids = ids_of(&page, &["Acme", "Bank"]);
    let (page, _) = page.then(|document| document.trash(&ids[..1], day(1)));
    let (page, expired) = page.then(|document| document.purge_expired(30, day(40)));
    let (page, _) = page.then(|document| document.trash(&ids[1..], day(40)));
    let (page, purged) = page.then(|document| document.purge(&ids[1..], day(41)));
    assert_eq!((expired, purged), (1, 1));
    let document = page.document();
    let times = document.deleted.iter().map(|block| block.fields().time("at").unwrap().unwrap());
    assert_eq!(times.collect::<Vec<_>>(), [day(1), day(41)]);
}

#[test]
fn a_counter_moves_on_by_one_and_its_code_is_the_one_before() {
    let page = Page::new(&[hotp("Token", 7), totp("Acme")]);
    let ids = page.ids();
    let (page, shown) = page.then(|document| document.count(&ids[0]).unwrap());
    let code = |account: &Account| account.otp.code(0).unwrap().as_str().to_owned();
    assert_eq!(code(&shown), code(&hotp("Token", 7)));
    assert_eq!(code(&page.accounts()[0]), code(&hotp("Token", 8)));
    assert!(page.document().journal.is_empty(), "it is no step to take back");
    let before = page.texts();
    assert_eq!(page.then(|document| document.count(&ids[1]).map(drop).unwrap()).0.texts(), before);
    let (last, error) = Page::new(&[hotp("Token", i64::MAX as u64)]).then(|document| {
        let id = document.read_accounts().unwrap().remove(0).id;
        document.count(&id).map(drop).unwrap_err()
    });
    assert_eq!(last.texts()[0].matches(&i64::MAX.to_string()).count(), 1, "{error}");
}

/// What `age -d -i identity.age vault.age` prints is TOML, so nobody needs this program to get the accounts out.
#[test]
fn the_plain_text_is_toml_with_the_documented_keys() {
    let home = Home::with(&[totp("Acme"), hotp("Token", 3), totp("Gone"), totp("Purged")]);
    change(&home.vault, |document| {
        let ids: Vec<AccountId> = document.read_accounts().unwrap().into_iter().map(|one| one.id).collect();
        let reverse = document.trash(&ids[2..], day(0));
        document.record("delete Gone:hugo", reverse, day(0));
        document.purge(&ids[3..], day(0));
        edit(document, &ids[0], day(0), |account| account.tags = vec!["work".into()]);
    });
    let plain = home.plain();
    let table: toml::Table = plain.parse().unwrap();
    let keys = ["schema", "vault_id", "generation", "previous", "written", "writer"];
    let rooms = ["mac", "accounts", "trash", "deleted", "journal"];
    let mut all: Vec<&str> = keys.into_iter().chain(rooms).collect();
    all.sort_unstable();
    let mut found: Vec<&str> = table.keys().map(String::as_str).collect();
    found.sort_unstable();
    assert_eq!(found, all);
    assert!(plain.starts_with("mac = \""));
    let account = table["accounts"][0].as_table().unwrap();
    assert_eq!(account["type"].as_str(), Some("totp"));
    assert_eq!(account["issuer"].as_str(), Some("Acme"));
    assert_eq!(account["account"].as_str(), Some("hugo"));
    assert_eq!(account["secret"].as_str(), Some("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
    assert_eq!(account["changed"]["tags"].as_datetime().unwrap().to_string(), day(0).to_string());
    assert!(account.get("period").is_none(), "what is at its default is left out");
    assert_eq!(table["accounts"][1]["counter"].as_integer(), Some(3));
    assert_eq!(table["trash"][0]["deleted"].as_datetime().unwrap().to_string(), day(0).to_string());
    assert_eq!(table["generation"].as_integer(), Some(3));
    assert_eq!(table["deleted"].as_array().unwrap().len(), 1);
}

#[test]
fn the_size_tells_no_number_of_accounts() {
    let home = Home::new();
    let mut sizes = vec![home.plain().len()];
    for count in 1..=60 {
        change(&home.vault, |document| drop(document.add(&[totp(&"x".repeat(count))])));
        let plain = home.plain();
        sizes.push(plain.len());
        assert_eq!(plain.len() % 4096, 0, "with {count} accounts");
        let last = plain.lines().last().unwrap();
        assert!(last.starts_with('#') && last[1..].bytes().all(|byte| byte == b'.'), "{last}");
        assert!(plain.ends_with('\n'));
    }
    sizes.dedup();
    assert!(sizes.len() > 1 && sizes.len() < 6, "{sizes:?}");
}

#[test]
fn each_version_names_the_one_before() {
    let home = Home::new();
    let before = sesam::crypt::sha256_hex(&home.bytes());
    change(&home.on(2), |document| drop(document.add(&[totp("Acme")])));
    let head = home.vault.read().unwrap().head;
    assert_eq!((head.generation, head.previous, head.written), (2, vec![before], Some(day(2))));
}
