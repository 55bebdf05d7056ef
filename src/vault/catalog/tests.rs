//! A small vault, looked at in every way.

use jiff::Timestamp;

use super::{Catalog, Order, RowKind, Tag};
use crate::{
    config::Sort,
    crypt::{Identity, mac::MacKey},
    otp::{Counter, Kind, Otp, Secret},
    vault::{Account, Document, Opened, query::Query, usage::Usage},
};

fn account(issuer: &str, name: &str, tags: &[&str]) -> Account {
    let otp = Otp::totp(Secret::new(vec![7; 20]).unwrap());
    let mut account = Account::new(issuer, name, otp, Timestamp::UNIX_EPOCH);
    account.tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
    account
}

fn catalog(accounts: &[Account]) -> Catalog {
    let identity = Identity::generate();
    let mut document = Document::empty("00ff");
    document.add(accounts);
    let plain = document.seal(&MacKey::of_vault(&identity, "00ff"));
    Catalog::new(Opened::new(plain, |id| MacKey::of_vault(&identity, id)).unwrap())
}

fn sample() -> Catalog {
    let mut favourite = account("GitHub", "hugo@example.com", &["work", "git"]);
    favourite.favourite = true;
    let mut counter = account("Old router", "admin", &["lab"]);
    counter.otp.kind = Kind::Hotp { counter: Counter::new(7).unwrap() };
    let mut noted = account("Crédit Nord", "h\"1\\", &["Größe", "work"]);
    noted.note = "shelf 2 (?:/".into();
    catalog(&[
        account("Agit", "x", &[]),
        account("My git", "y", &["work"]),
        favourite,
        account("Grafana", "hugo", &["work"]),
        counter,
        noted,
        account("Google Home", "z", &[]),
    ])
}

fn found(catalog: &Catalog, query: &str) -> Vec<u32> {
    let all: Vec<u32> = (0..u32::try_from(catalog.len()).unwrap()).collect();
    catalog.search(&Query::new(query), &all)
}

#[test]
fn beginnings_come_before_words_and_words_before_the_inside() {
    assert_eq!(found(&sample(), "git"), [2, 1, 0]);
}

#[test]
fn all_words_match_in_any_order() {
    let catalog = sample();
    assert_eq!(found(&catalog, "hugo git"), [2]);
    assert_eq!(found(&catalog, "git hugo"), [2]);
    assert_eq!(found(&catalog, ""), [0, 1, 2, 3, 4, 5, 6]);
    assert!(found(&catalog, "git zzz").is_empty());
}

#[test]
fn initials_accents_notes_and_plain_characters_are_found() {
    let catalog = sample();
    assert_eq!(found(&catalog, "gh"), [2, 6], "GitHub, Google Home");
    assert_eq!(found(&catalog, "CREDIT"), [5]);
    assert_eq!(found(&catalog, "(?:/"), [5]);
    assert_eq!(found(&catalog, "h\"1\\"), [5]);
    assert_eq!(found(&catalog, "grosse"), [5], "a tag");
}

#[test]
fn terms_ask_for_tags_types_favourites_ids_and_the_opposite() {
    let catalog = sample();
    assert_eq!(found(&catalog, "#work"), [1, 2, 3, 5]);
    assert_eq!(found(&catalog, "#work !git"), [3, 5]);
    assert_eq!(found(&catalog, "type:hotp"), [4]);
    assert_eq!(found(&catalog, "is:fav"), [2]);
    assert_eq!(found(&catalog, &format!("id:{}", catalog.id(4))), [4]);
}

#[test]
fn what_a_query_means_is_the_same_as_on_the_command_line() {
    let catalog = sample();
    for text in ["git", "hugo", "#work", "!#work", "type:totp", "is:fav", "e", "nord shelf", "home", "zzz"] {
        let query = Query::new(text);
        let expected: Vec<u32> = (0..catalog.len())
            .filter(|at| query.matches(&catalog.fields(*at)))
            .map(|at| u32::try_from(at).unwrap())
            .collect();
        let mut own = found(&catalog, text);
        own.sort_unstable();
        assert_eq!(own, expected, "{text}");
    }
}

#[test]
fn tags_are_counted_and_the_most_used_comes_first() {
    let catalog = sample();
    assert_eq!(catalog.tags()[0], Tag { name: "work".into(), count: 4 });
    assert_eq!(catalog.tags().len(), 4);
    assert!(catalog.has_tag(2, 0) && !catalog.has_tag(0, 0));
    assert_eq!(catalog.favourites(), 1);
    assert_eq!((catalog.kind(4), catalog.kind(0)), (RowKind::Hotp, RowKind::Timed));
}

#[test]
fn orders_put_favourites_first_and_keep_the_order_of_the_vault() {
    let catalog = sample();
    let order = |sort, reversed| {
        let order = Order { sort, reversed, favourites_first: true };
        catalog.ordered(order, &Usage::default(), Timestamp::UNIX_EPOCH)
    };
    assert_eq!(order(Sort::Used, false), [2, 0, 1, 3, 4, 5, 6]);
    assert_eq!(order(Sort::Manual, true), [2, 6, 5, 4, 3, 1, 0]);
    assert_eq!(order(Sort::Name, false), [2, 0, 5, 6, 3, 1, 4]);
}

#[test]
fn a_slip_of_the_finger_finds_its_neighbour() {
    let catalog = sample();
    let all: Vec<u32> = (0..7).collect();
    assert_eq!(catalog.nearest("gthub", &all), Some(2));
    assert_eq!(catalog.nearest("zzz", &all), None);
}

#[test]
fn every_account_is_read_where_it_stands() {
    let catalog = sample();
    for at in 0..catalog.len() {
        assert_eq!(catalog.position(&catalog.id(at)), Some(at));
        assert_eq!(catalog.account(at).unwrap().id, catalog.id(at));
    }
    assert_eq!(catalog.account(5).unwrap().account, "h\"1\\");
}
