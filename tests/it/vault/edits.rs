//! An edit is applied to what is there now: what somebody else changed since the account was read stays.

use sesam::{
    otp::{Counter, Digits, Kind, Otp, Secret},
    vault::{Account, AccountId, Document},
};

use super::{
    home::{hotp, second, totp},
    text::{Page, edit, edited},
};

const OTHER: &str = "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U";

/// Reads an account, lets somebody else change the page, and then writes what `mine` makes of what was read.
fn meanwhile(
    page: &Page,
    other: impl FnOnce(&mut Document<'_>, &AccountId),
    mine: impl FnOnce(&mut Account),
) -> Account {
    let old = page.accounts().remove(0);
    let mut new = old.clone();
    mine(&mut new);
    let (page, ()) = page.then(|document| other(document, &old.id));
    let put = |document: &mut Document<'_>| drop(document.put(&old, &new, second(9)).unwrap());
    page.then(put).0.accounts().remove(0)
}

fn counter(account: &Account) -> u64 {
    let Kind::Hotp { counter } = account.otp.kind else { panic!("no counter") };
    counter.value()
}

fn set_counter(account: &mut Account, value: u64) {
    account.otp.kind = Kind::Hotp { counter: Counter::new(value).unwrap() };
}

fn count_to(document: &mut Document<'_>, id: &AccountId, value: u64) {
    while counter(&document.account(id).unwrap()) < value {
        document.count(id).unwrap();
    }
}

#[test]
fn what_somebody_else_changed_meanwhile_stays() {
    let theirs = |document: &mut Document<'_>, id: &AccountId| {
        edit(document, id, second(1), |account| {
            account.note = "theirs".into();
            account.favourite = true;
        });
    };
    let both = meanwhile(&Page::new(&[totp("Acme")]), theirs, |account| account.issuer = "ACME".into());
    assert_eq!((both.issuer.as_str(), both.note.as_str(), both.favourite), ("ACME", "theirs", true));
    let times: Vec<_> = both.changed.into_iter().collect();
    let wanted = [("favourite", second(1)), ("issuer", second(9)), ("note", second(1))];
    assert_eq!(times, wanted.map(|(key, time)| (key.to_owned(), time)));
}

#[test]
fn tags_that_two_gave_are_both_there() {
    let mut account = totp("Acme");
    account.tags = ["old", "work"].map(str::to_owned).to_vec();
    let theirs = |document: &mut Document<'_>, id: &AccountId| {
        edit(document, id, second(1), |account| {
            account.tags = ["work", "theirs", "both"].map(str::to_owned).to_vec();
        });
    };
    let mine = |account: &mut Account| account.tags = ["old", "both", "mine"].map(str::to_owned).to_vec();
    assert_eq!(meanwhile(&Page::new(&[account]), theirs, mine).tags, ["theirs", "both", "mine"]);
}

#[test]
fn a_counter_that_moved_on_meanwhile_is_not_set_back() {
    let page = Page::new(&[hotp("Token", 5)]);
    let after =
        |mine: fn(&mut Account)| counter(&meanwhile(&page, |document, id| count_to(document, id, 8), mine));
    assert_eq!(after(|account| account.note = "mine".into()), 8);
    assert_eq!(after(|account| account.otp.secret = Secret::from_base32(OTHER).unwrap()), 8);
    assert_eq!(after(|account| set_counter(account, 7)), 8, "raised, though not as far");
    assert_eq!(after(|account| set_counter(account, 20)), 20);
    assert_eq!(after(|account| set_counter(account, 3)), 3, "a person says so");
    let other_token = |account: &mut Account| {
        account.otp.secret = Secret::from_base32(OTHER).unwrap();
        set_counter(account, 6);
    };
    assert_eq!(after(other_token), 6, "the counter of another secret");
}

/// Digits of the one secret with the other secret would make codes that nobody meant.
#[test]
fn what_makes_codes_is_written_together_with_another_secret() {
    let theirs = |document: &mut Document<'_>, id: &AccountId| {
        edit(document, id, second(1), |account| account.otp.digits = Digits::new(8).unwrap());
    };
    let secret = || Secret::from_base32(OTHER).unwrap();
    let new = meanwhile(&Page::new(&[totp("Acme")]), theirs, |account| account.otp = Otp::totp(secret()));
    assert_eq!(new.otp, Otp::totp(secret()));
    let new = meanwhile(&Page::new(&[totp("Acme")]), theirs, |account| account.note = "mine".into());
    assert_eq!(new.otp.digits.count(), 8);
}

#[test]
fn an_undo_gives_back_what_was_there_just_before() {
    let page = Page::new(&[totp("Acme")]);
    let old = page.accounts().remove(0);
    let mut new = old.clone();
    new.note = "mine".into();
    let (page, ()) =
        page.then(|document| edit(document, &old.id, second(1), |account| account.note = "theirs".into()));
    let (page, reverse) = page.then(|document| document.put(&old, &new, second(2)).unwrap());
    let (page, _) = page.then(|document| document.apply(&reverse, second(3)));
    assert_eq!(page.accounts()[0].note, "theirs");
}

/// Whatever is taken back or done again, no code that was shown is shown again.
#[test]
fn undo_and_redo_set_no_counter_back() {
    let start = Page::new(&[hotp("Token", 5)]);
    let id = start.ids().remove(0);
    let counter_of = |page: &Page| counter(&page.accounts()[0]);
    let (page, ()) = start.then(|document| {
        let reverse = edited(document, &id, second(1), |account| {
            set_counter(account, 12);
            account.note = "mine".into();
        });
        document.record("edit", reverse, second(1));
        count_to(document, &id, 14);
    });
    let (page, what) = page.then(|document| document.undo(second(2)));
    assert!(what.is_some() && page.accounts()[0].note.is_empty());
    assert_eq!(counter_of(&page), 14);
    let (page, ()) = page.then(|document| count_to(document, &id, 16));
    let (page, what) = page.then(|document| document.redo(second(3)));
    assert_eq!((what.is_some(), page.accounts()[0].note.as_str()), (true, "mine"));
    assert_eq!(counter_of(&page), 16);

    let (low, ()) = start.then(|document| {
        let reverse = edited(document, &id, second(1), |account| set_counter(account, 2));
        document.record("edit", reverse, second(1));
    });
    assert_eq!(counter_of(&low), 2);
    assert_eq!(counter_of(&low.then(|document| document.undo(second(2))).0), 5, "a lowering is taken back");
}

#[test]
fn each_secret_gets_its_own_counter_back() {
    let start = Page::new(&[hotp("Token", 50)]);
    let id = start.ids().remove(0);
    let (page, ()) = start.then(|document| {
        let reverse = edited(document, &id, second(1), |account| {
            account.otp.secret = Secret::from_base32(OTHER).unwrap();
            set_counter(account, 0);
        });
        document.record("edit", reverse, second(1));
        count_to(document, &id, 3);
    });
    let (page, _) = page.then(|document| document.undo(second(2)));
    assert_eq!(counter(&page.accounts()[0]), 50);
    let (page, _) = page.then(|document| document.redo(second(3)));
    assert_eq!(counter(&page.accounts()[0]), 3, "not 50: nothing of this secret was shown beyond 2");
}
