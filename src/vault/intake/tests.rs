//! Imports: what is new, what is there already, what differs, and that one undo takes all of it back.

use super::*;
use crate::otp::{Counter, Pin, Secret, parse_link};

const A: &str = "otpauth://totp/Acme:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const OTHER_KEY: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

fn now() -> Timestamp {
    "2026-11-20T14:52:00Z".parse().unwrap()
}

fn incoming(link: &str) -> Incoming {
    Incoming { link: parse_link(link).unwrap(), created: None }
}

fn account(link: &str) -> Account {
    incoming(link).account(&[], now())
}

fn with_other_key(link: &str) -> String {
    link.replace("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", OTHER_KEY)
}

fn state(existing: &[Account], link: &str) -> State {
    plan(existing, vec![incoming(link)]).entries.remove(0).state
}

fn states(links: &[&str]) -> Vec<State> {
    let plan = plan(&[], links.iter().map(|link| incoming(link)).collect());
    plan.entries.into_iter().map(|planned| planned.state).collect()
}

fn differs(fields: &[&'static str]) -> State {
    State::Differs { from: 0, fields: fields.to_vec() }
}

#[test]
fn compares_names_and_codes_with_the_vault() {
    let here = [account(A)];
    let hotp = "otpauth://hotp/Acme:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&counter=0";
    let cases = [
        (A.to_owned(), State::Same(Twin::Account(0))),
        (format!("{A}&algorithm=sha-1&digits=6&tags=work"), State::Same(Twin::Account(0))),
        (A.replace("alice", "bob"), differs(&["account"])),
        (A.replace("Acme", "acme"), differs(&["issuer"])),
        (with_other_key(A), differs(&["secret"])),
        (format!("{A}&digits=8&period=60"), differs(&["digits", "period"])),
        (hotp.to_owned(), differs(&["type", "period", "counter"])),
        (with_other_key(&A.replace("alice", "bob")), State::New),
        (format!("{}&algorithm=HmacSHA1", with_other_key(&A.replace("alice", "bob"))), State::Repaired),
        (with_other_key(&A.replace("alice", "al%E2%80%8Bice")), State::New),
        (with_other_key(&A.replace("alice", "%D0%B0lice")), State::New),
    ];
    for (link, expected) in cases {
        assert_eq!(state(&here, &link), expected, "{link}");
    }
}

#[test]
fn duplicates_inside_a_source_are_one_entry_and_namesakes_are_two() {
    let (other_issuer, other_secret) = (A.replace("Acme", "Corp"), with_other_key(A));
    let states = states(&[A, &other_issuer, A, &other_secret, &other_issuer]);
    let same = |at| State::Same(Twin::Incoming(at));
    assert_eq!(states, [State::New, State::New, same(0), State::New, same(1)]);
}

#[test]
fn a_counter_that_moved_on_and_a_pin_that_no_link_carries_are_no_difference() {
    let hotp = |counter: u64| format!("{}&counter={counter}", A.replace("totp", "hotp"));
    let here = [account(&hotp(3))];
    assert_eq!(state(&here, &hotp(0)), State::Same(Twin::Account(0)));
    assert_eq!(state(&here, &hotp(4)), differs(&["counter"]));

    let motp = "motp://Acme:alice?secret=0123456789abcdef0123456789abcdef";
    let mut with_pin = account(motp);
    with_pin.otp.kind = Kind::Motp { pin: Some(Pin::new("1234").unwrap()) };
    assert_eq!(state(std::slice::from_ref(&with_pin), motp), State::Same(Twin::Account(0)));
    let mut pinned = incoming(motp);
    pinned.link.otp = with_pin.otp.clone();
    assert_eq!(plan(&[account(motp)], vec![pinned]).entries[0].state, differs(&["pin"]));
}

#[test]
fn what_lies_in_the_other_trash_is_left_out() {
    let mut trashed = incoming(A);
    trashed.link.extras.trashed = true;
    let plan = plan(&[], vec![trashed, incoming(A)]);
    assert_eq!((&plan.entries[0].state, &plan.entries[1].state), (&State::Trashed, &State::New));
    assert_eq!(plan.counts(), Counts { new: 1, trashed: 1, ..Counts::default() });
}

/// A vault with these accounts, and the plan for these links.
fn prepared(here: &[&str], links: &[&str]) -> (Vec<Account>, Document<'static>, Plan) {
    let existing: Vec<Account> = here.iter().map(|link| account(link)).collect();
    let mut document = Document::empty("0123");
    document.add(&existing);
    let plan = plan(&existing, links.iter().map(|link| incoming(link)).collect());
    (existing, document, plan)
}

fn names(document: &Document<'_>) -> Vec<String> {
    document.read_accounts().unwrap().iter().map(Account::name).collect()
}

#[test]
fn the_default_skips_what_is_the_same_and_keeps_both_of_what_differs() {
    let (existing, mut document, plan) = prepared(&[A], &[A, &with_other_key(A), &A.replace("Acme", "Corp")]);
    let applied = plan.apply(&existing, &mut document, (&["imported".into()], now())).unwrap();
    assert_eq!((applied.added, applied.replaced), (2, 0));
    assert_eq!(names(&document), ["Acme:alice", "Acme:alice", "Corp:alice"]);
    let tags: Vec<_> = document.read_accounts().unwrap().into_iter().map(|account| account.tags).collect();
    assert_eq!(tags, [vec![], vec!["imported".to_owned()], vec!["imported".to_owned()]]);
}

#[test]
fn the_same_file_a_second_time_changes_nothing() {
    let links = [A.to_owned(), with_other_key(A), A.replace("Acme", "Corp"), A.replace("totp", "hotp")];
    let links: Vec<&str> = links.iter().map(String::as_str).collect();
    let (existing, mut document, first) = prepared(&[A], &links);
    let _ = first.apply(&existing, &mut document, (&[], now())).unwrap();
    let here = document.read_accounts().unwrap();
    let again = plan(&here, links.iter().map(|link| incoming(link)).collect());
    assert_eq!(again.counts(), Counts { same: 4, ..Counts::default() });
    assert!(again.apply(&here, &mut document, (&[], now())).unwrap() == Applied::default());
}

#[test]
fn an_account_is_replaced_once_and_keeps_its_id() {
    let (existing, mut document, mut plan) =
        prepared(&[A], &[&with_other_key(A), &format!("{A}&digits=8"), &A.replace("alice", "bob")]);
    plan.choose(|planned| match &planned.state {
        State::Differs { fields, .. } if fields.contains(&"account") => OnDuplicate::Skip,
        _ => OnDuplicate::Replace,
    });
    let applied = plan.apply(&existing, &mut document, (&[], now())).unwrap();
    assert_eq!((applied.added, applied.replaced), (1, 1));
    let accounts = document.read_accounts().unwrap();
    assert_eq!(accounts.len(), 2);
    assert_eq!((&accounts[0].id, accounts[0].otp.digits.count()), (&existing[0].id, 6));
    assert_eq!(accounts[0].otp.secret, Secret::from_base32(OTHER_KEY).unwrap());
    assert_eq!(accounts[1].otp.digits.count(), 8);
}

#[test]
fn a_replaced_counter_never_goes_back_and_a_pin_is_never_lost() {
    let hotp = |rest: &str| format!("{}{rest}", A.replace("totp", "hotp"));
    let here = account(&hotp("&counter=9"));
    let new = incoming(&hotp("&counter=2&digits=8")).over(&here, &[]);
    assert_eq!(new.otp.kind, Kind::Hotp { counter: Counter::new(9).unwrap() });
    let other = incoming(&with_other_key(&hotp("&counter=2"))).over(&here, &[]);
    assert_eq!(other.otp.kind, Kind::Hotp { counter: Counter::new(2).unwrap() });

    let motp = "motp://Acme:alice?secret=0123456789abcdef0123456789abcdef";
    let mut here = account(motp);
    here.otp.kind = Kind::Motp { pin: Some(Pin::new("1234").unwrap()) };
    assert_eq!(incoming(&format!("{motp}&digits=8")).over(&here, &[]).otp.kind, here.otp.kind);
}

#[test]
fn one_undo_takes_a_whole_import_back() {
    let (existing, mut document, mut plan) =
        prepared(&[A], &[&with_other_key(A), &with_other_key(&A.replace("alice", "bob"))]);
    plan.choose(|_| OnDuplicate::Replace);
    let applied = plan.apply(&existing, &mut document, (&[], now())).unwrap();
    document.record("import 2 accounts", applied.reverse, now());
    assert_eq!(names(&document), ["Acme:alice", "Acme:bob"]);
    assert_eq!(document.undo(now()).as_deref(), Some("import 2 accounts"));
    let accounts = document.read_accounts().unwrap();
    assert_eq!((accounts.len(), &accounts[0].otp), (1, &existing[0].otp));
    assert_eq!(document.redo(now()).as_deref(), Some("import 2 accounts"));
    assert_eq!(names(&document), ["Acme:alice", "Acme:bob"]);
}

#[test]
fn an_account_that_has_gone_meanwhile_is_not_replaced() {
    let (existing, mut document, mut plan) = prepared(&[A], &[&with_other_key(A)]);
    plan.choose(|_| OnDuplicate::Replace);
    let _ = document.trash(&[existing[0].id.clone()], now());
    assert!(matches!(plan.apply(&existing, &mut document, (&[], now())), Err(VaultError::NoSuchAccount)));
    assert!(document.accounts.is_empty());
}

#[test]
fn ten_thousand_namesakes_are_compared_and_replaced_in_linear_time() {
    let link = |at: u32| {
        let secret = Secret::new([&[7; 16], at.to_be_bytes().as_slice()].concat()).unwrap().to_base32();
        format!("otpauth://totp/Acme:alice?secret={}", secret.as_str())
    };
    let existing: Vec<Account> = (0..10_000).map(|at| account(&link(at))).collect();
    let mut document = Document::empty("0123");
    document.add(&existing);
    let changed = (0..10_000).map(|at| incoming(&format!("{}&digits=8", link(at)))).collect();
    let mut plan = plan(&existing, changed);
    plan.choose(|_| OnDuplicate::Replace);
    assert_eq!(plan.counts(), Counts { differs: 10_000, ..Counts::default() });
    let applied = plan.apply(&existing, &mut document, (&[], now())).unwrap();
    assert_eq!((applied.added, applied.replaced), (0, 10_000));
}
