//! Two copies of one vault, changed apart: what becomes of an account, case by case.

use sesam::{
    otp::{Digits, Kind, Period, Secret},
    vault::{
        Account, AccountId, Document, VaultError,
        merge::{Merged, merge},
    },
};

use super::{
    home::{Home, change, hotp, issuers, second, totp},
    text::{Page, edit},
};

const OTHER: &str = "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U";
const THIRD: &str = "NBSWY3DPEB3W64TMMQQGC3DMEB2GQZLS";

/// Merges two pages both ways: the same must come out. Merging again must change nothing.
#[track_caller]
pub(super) fn merged(one: &Page, other: &Page) -> (Page, Merged) {
    let join = |ours: &Page, theirs: &Page| {
        let (ours_now, theirs_now) = (ours.document(), theirs.document());
        let (mut document, what) = merge(&ours_now, &theirs_now).unwrap();
        document.head.generation += 1;
        (ours.turned(&document), what)
    };
    let (page, what) = join(one, other);
    assert_eq!(everything(&page), everything(&join(other, one).0), "the order of the two matters");
    for again in [one, other, &page] {
        assert_eq!(everything(&join(&page, again).0), everything(&page), "merging again changes something");
        assert_eq!(
            everything(&join(again, &page).0),
            everything(&page),
            "merging it in again changes something"
        );
    }
    (page, what)
}

/// Accounts, trash, tombstones and journal as they stand there.
fn everything(page: &Page) -> Vec<Vec<String>> {
    let document = page.document();
    let rooms = [&document.accounts, &document.trash, &document.deleted, &document.journal];
    rooms.iter().map(|room| room.iter().map(|block| block.text().to_owned()).collect()).collect()
}

fn page() -> (Page, Vec<AccountId>) {
    let page = Page::new(&["Acme", "Bank", "Cloud"].map(totp));
    let ids = page.ids();
    (page, ids)
}

fn after(page: &Page, act: impl FnOnce(&mut Document<'_>)) -> Page {
    page.then(act).0
}

fn noted(page: &Page, id: &AccountId, note: &str, at: i64) -> Page {
    after(page, |document| edit(document, id, second(at), |account| account.note = note.into()))
}

fn with_secret(page: &Page, id: &AccountId, secret: &str, at: i64) -> Page {
    let secret = Secret::from_base32(secret).unwrap();
    after(page, |document| edit(document, id, second(at), |account| account.otp.secret = secret))
}

fn deleted(page: &Page, id: &AccountId, at: i64) -> Page {
    after(page, |document| drop(document.trash(std::slice::from_ref(id), second(at))))
}

fn restored(page: &Page, id: &AccountId, at: i64) -> Page {
    after(page, |document| drop(document.restore(std::slice::from_ref(id), second(at))))
}

fn purged(page: &Page, id: &AccountId, at: i64) -> Page {
    after(page, |document| assert_eq!(document.purge(std::slice::from_ref(id), second(at)), 1))
}

fn account(page: &Page, id: &AccountId) -> Account {
    page.document().account(id).unwrap()
}

fn secrets(page: &Page) -> Vec<String> {
    let mut all: Vec<String> =
        page.accounts().iter().map(|account| account.otp.secret.to_base32().to_string()).collect();
    all.sort();
    all
}

#[test]
fn versions_that_are_equal_stay_as_they_are() {
    let (page, _) = page();
    let (both, what) = merged(&page, &page);
    assert_eq!((both.texts(), what), (page.texts(), Merged::default()));
}

#[test]
fn each_field_comes_from_its_later_change() {
    let (page, ids) = page();
    let one = noted(&noted(&page, &ids[0], "early", 1), &ids[1], "mine", 4);
    let other = after(&noted(&page, &ids[0], "late", 2), |document| {
        edit(document, &ids[0], second(3), |account| account.issuer = "ACME".into());
        edit(document, &ids[1], second(5), |account| account.favourite = true);
    });
    let (both, what) = merged(&one, &other);
    let (acme, bank) = (account(&both, &ids[0]), account(&both, &ids[1]));
    assert_eq!((acme.note.as_str(), acme.issuer.as_str()), ("late", "ACME"));
    assert_eq!((bank.note.as_str(), bank.favourite), ("mine", true));
    assert_eq!(what, Merged { changed: 2, ..Merged::default() });
}

#[test]
fn a_field_that_was_emptied_later_stays_empty() {
    let (page, ids) = page();
    let page = noted(&page, &ids[0], "old", 1);
    let (both, _) = merged(&noted(&page, &ids[0], "newer", 2), &noted(&page, &ids[0], "", 3));
    assert_eq!(account(&both, &ids[0]).note, "");
}

#[test]
fn what_one_side_deleted_is_in_the_trash() {
    let (page, ids) = page();
    let (both, what) = merged(&page, &deleted(&page, &ids[1], 1));
    assert_eq!((both.issuers(), both.trashed()), (vec!["Acme".into(), "Cloud".into()], vec![ids[1].clone()]));
    assert_eq!(what, Merged { removed: 1, ..Merged::default() });
    assert_eq!(restored(&both, &ids[1], 9).issuers(), ["Acme", "Bank", "Cloud"], "with its place");
}

#[test]
fn what_was_changed_after_its_deletion_lives() {
    let (page, ids) = page();
    let gone = deleted(&page, &ids[1], 1);
    let (both, _) = merged(&gone, &noted(&page, &ids[1], "needed", 2));
    assert_eq!((account(&both, &ids[1]).note.as_str(), both.trashed().len()), ("needed", 0));
    let (both, _) = merged(&purged(&gone, &ids[1], 2), &noted(&page, &ids[1], "needed", 3));
    assert_eq!(account(&both, &ids[1]).note, "needed");
    assert!(both.document().deleted.is_empty());
}

#[test]
fn what_was_changed_before_its_deletion_is_in_the_trash_with_the_change() {
    let (page, ids) = page();
    let (both, _) = merged(&noted(&page, &ids[1], "mine", 1), &deleted(&page, &ids[1], 2));
    assert_eq!(both.trashed(), [ids[1].clone()]);
    assert_eq!(account(&restored(&both, &ids[1], 3), &ids[1]).note, "mine");
}

#[test]
fn nothing_comes_back_from_the_dead() {
    let (page, ids) = page();
    let gone = purged(&deleted(&page, &ids[1], 1), &ids[1], 2);
    for older in [&page, &noted(&page, &ids[1], "mine", 1), &deleted(&page, &ids[1], 1)] {
        let (both, _) = merged(&gone, older);
        assert_eq!((both.issuers().len(), both.trashed().len()), (2, 0));
        assert_eq!(both.document().deleted.len(), 1);
    }
}

#[test]
fn what_was_restored_after_its_deletion_elsewhere_lives() {
    let (page, ids) = page();
    let gone = deleted(&page, &ids[1], 1);
    let (both, what) = merged(&gone, &restored(&gone, &ids[1], 2));
    assert_eq!(both.issuers(), ["Acme", "Bank", "Cloud"]);
    assert_eq!(what.added, 1);
    let (both, _) = merged(&restored(&gone, &ids[1], 2), &deleted(&restored(&gone, &ids[1], 3), &ids[1], 4));
    assert_eq!(both.trashed(), [ids[1].clone()]);
    let (both, _) = merged(&purged(&gone, &ids[1], 2), &deleted(&restored(&gone, &ids[1], 3), &ids[1], 4));
    assert_eq!(both.trashed(), [ids[1].clone()], "it was deleted anew after the other side's purge");
}

/// The trash of one machine empties itself while the other one has long taken the account back.
#[test]
fn an_emptied_trash_does_not_overrule_a_restoring() {
    let (page, ids) = page();
    let gone = deleted(&page, &ids[1], 1);
    let later = second(1) + jiff::SignedDuration::from_hours(24 * 31);
    let emptied = after(&gone, |document| assert_eq!(document.purge_expired(30, later), 1));
    let (both, _) = merged(&emptied, &restored(&gone, &ids[1], 2));
    let mut all = both.issuers();
    all.sort();
    assert_eq!(all, ["Acme", "Bank", "Cloud"], "in which order hangs on their ids");
    let (both, _) = merged(&emptied, &gone);
    assert_eq!((both.issuers().len(), both.trashed().len()), (2, 0));
}

#[test]
fn counters_of_both_sides_become_the_larger() {
    let page = Page::new(&[hotp("Token", 5)]);
    let id = page.ids().remove(0);
    let counted =
        |times: usize| after(&page, |document| (0..times).for_each(|_| drop(document.count(&id).unwrap())));
    let (both, _) = merged(&counted(3), &counted(12));
    assert!(both.texts()[0].contains("counter = 17"), "{}", both.texts()[0]);
    let (both, _) = merged(&counted(3), &noted(&page, &id, "mine", 1));
    assert!(both.texts()[0].contains("counter = 8") && both.texts()[0].contains("mine"));
}

#[test]
fn what_each_side_added_is_there() {
    let (page, _) = page();
    let with = |issuer: &str| after(&page, |document| drop(document.add(&[totp(issuer)])));
    let (both, what) = merged(&with("Mine"), &with("Theirs"));
    let mut issuers = both.issuers();
    assert_eq!(issuers[..3], ["Acme", "Bank", "Cloud"]);
    issuers.sort();
    assert_eq!(issuers, ["Acme", "Bank", "Cloud", "Mine", "Theirs"]);
    assert_eq!(what, Merged { added: 1, ..Merged::default() });
}

#[test]
fn two_secrets_of_the_same_moment_are_both_kept() {
    let (page, ids) = page();
    let (one, other) = (with_secret(&page, &ids[0], OTHER, 1), with_secret(&page, &ids[0], THIRD, 1));
    let (both, what) = merged(&one, &other);
    assert_eq!(what, Merged { kept_both: 1, changed: what.changed, ..Merged::default() });
    assert_eq!(both.accounts().len(), 4);
    assert!(secrets(&both).contains(&OTHER.to_owned()) && secrets(&both).contains(&THIRD.to_owned()));
}

#[test]
fn a_secret_does_not_get_the_parameters_of_another_one() {
    let (page, ids) = page();
    let one = after(&page, |document| {
        edit(document, &ids[0], second(1), |account| {
            account.otp.kind = Kind::Totp { period: Period::new(60).unwrap() };
            account.otp.digits = Digits::new(8).unwrap();
        });
    });
    let other = after(&with_secret(&page, &ids[0], OTHER, 2), |document| {
        edit(document, &ids[0], second(2), |account| account.otp.digits = Digits::new(7).unwrap());
    });
    let (both, what) = merged(&one, &other);
    assert_eq!(what.kept_both, 1, "neither side is newer in all that makes the code");
    let codes = |page: &Page| -> Vec<String> {
        page.accounts().iter().map(|account| account.otp.code(99).unwrap().as_str().to_owned()).collect()
    };
    for code in codes(&one).iter().chain(&codes(&other)) {
        assert!(codes(&both).contains(code), "{code} is shown no more");
    }
}

#[test]
fn two_corrections_of_one_secret_hold_both() {
    let (page, ids) = page();
    let one = after(&page, |document| {
        edit(document, &ids[0], second(1), |account| account.otp.digits = Digits::new(8).unwrap());
    });
    let other = after(&page, |document| {
        edit(document, &ids[0], second(2), |account| {
            account.otp.kind = Kind::Totp { period: Period::new(60).unwrap() };
        });
    });
    let (both, what) = merged(&one, &other);
    let otp = account(&both, &ids[0]).otp;
    assert_eq!((otp.digits.count(), otp.period().unwrap().seconds(), what.kept_both), (8, 60, 0));
}

#[test]
fn a_second_account_that_was_edited_or_deleted_is_left_alone_by_the_next_merge() {
    for at in 0..16 {
        let (page, ids) = page();
        let (one, other) = (with_secret(&page, &ids[0], OTHER, 1), with_secret(&page, &ids[0], THIRD, 1));
        let (both, _) = merged(&one, &other);
        let twin = both.ids().into_iter().find(|id| !ids.contains(id)).unwrap();
        let (edited, _) = merged(&noted(&both, &twin, "the old phone", 2), &other);
        assert_eq!(account(&edited, &twin).note, "the old phone", "attempt {at}");
        let (gone, _) = merged(&deleted(&both, &twin, 2), &one);
        let (gone, _) = merged(&gone, &other);
        assert_eq!((gone.accounts().len(), gone.trashed()), (3, vec![twin.clone()]), "attempt {at}");
        let (gone, _) = merged(&purged(&gone, &twin, 3), &other);
        assert_eq!((gone.accounts().len(), gone.trashed().len()), (3, 0), "attempt {at}");
        let (late, _) = merged(&both, &noted(&other, &ids[0], "written later", 4));
        assert!(late.accounts().iter().any(|account| account.note == "written later"), "attempt {at}");
    }
}

#[test]
fn what_both_sides_deleted_brings_no_second_account_into_force() {
    let (page, ids) = page();
    let (one, other) = (with_secret(&page, &ids[0], OTHER, 1), with_secret(&page, &ids[0], THIRD, 1));
    let (both, what) = merged(&deleted(&one, &ids[0], 2), &deleted(&other, &ids[0], 3));
    assert_eq!((both.issuers().len(), both.trashed().len(), what), (2, 2, Merged::default()));
}

#[test]
fn steps_of_both_sides_can_be_taken_back() {
    let (page, ids) = page();
    let step = |id: &AccountId, at: i64| {
        after(&page, |document| {
            let reverse = document.trash(std::slice::from_ref(id), second(at));
            document.record("delete", reverse, second(at));
        })
    };
    let (both, _) = merged(&step(&ids[0], 1), &step(&ids[2], 2));
    assert_eq!(both.issuers(), ["Bank"]);
    let both = after(&both, |document| assert!(document.undo(second(3)).is_some()));
    assert_eq!(both.trashed(), [ids[0].clone()], "the later one comes first");
    let both = after(&both, |document| assert!(document.undo(second(4)).is_some()));
    assert_eq!(both.issuers(), ["Acme", "Bank", "Cloud"]);
}

#[test]
fn another_vault_is_not_merged() {
    let (page, _) = page();
    let document = page.document();
    let other = Document::empty("ffffffffffffffffffffffffffffffff");
    assert!(matches!(merge(&document, &other), Err(VaultError::WrongVault { .. })));
}

#[test]
fn a_copy_is_taken_in_from_its_file() {
    let home = Home::with(&[totp("Acme")]);
    let copy = home.desk().join("copy.age");
    super::home::lay(&copy, &home.bytes());
    change(&home.vault, |document| drop(document.add(&[totp("Mine")])));
    let mine = home.bytes();
    std::fs::remove_dir_all(home.state_dir()).unwrap();
    home.lay(&std::fs::read(&copy).unwrap());
    change(&home.vault, |document| drop(document.add(&[totp("Theirs")])));
    super::home::lay(&copy, &mine);
    let what = home.vault.merge_file(&copy).unwrap();
    assert_eq!(what, Merged { added: 1, ..Merged::default() });
    let mut all = issuers(&home.vault);
    all.sort();
    assert_eq!(all, ["Acme", "Mine", "Theirs"]);
    let head = home.vault.read().unwrap().head;
    assert_eq!((head.generation, head.previous.len()), (4, 2), "it follows both");
}

#[test]
fn a_copy_that_brings_nothing_new_is_no_new_version() {
    let home = Home::with(&["Acme", "Bank", "Cloud", "Drive"].map(totp));
    let copy = home.desk().join("copy.age");
    let lay_copy = || super::home::lay(&copy, &home.bytes());
    lay_copy();
    // Deleted in another order than their ids have, so that trash and tombstones stand otherwise after a merge.
    for issuer in ["Cloud", "Bank", "Acme"] {
        change(&home.vault, |document| {
            let accounts = document.read_accounts().unwrap();
            let id = accounts.into_iter().find(|account| account.issuer == issuer).unwrap().id;
            let reverse = document.trash(std::slice::from_ref(&id), second(1));
            document.record("delete", reverse, second(1));
            if issuer != "Acme" {
                document.purge(&[id], second(2));
            }
        });
    }
    let before = home.bytes();
    assert_eq!(home.vault.merge_file(&copy).unwrap(), Merged::default());
    assert_eq!(home.bytes(), before, "an older version brings nothing");
    lay_copy();
    change(&home.vault, |_| ());
    let before = home.bytes();
    assert_eq!(home.vault.merge_file(&copy).unwrap(), Merged::default());
    assert_eq!(home.bytes(), before, "a version of the same content brings nothing");
}
