//! Taking back and doing again, after any number of steps and restarts.

use proptest::prelude::*;
use sesam::vault::{AccountId, Document, change::Reverse};

use super::{
    home::{Home, change, day, hotp, issuers, second, totp},
    text::{Page, edited},
};

/// Notes a step in the journal.
fn step(page: &Page, what: &str, at: i64, act: impl FnOnce(&mut Document<'_>) -> Reverse) -> Page {
    let note = |document: &mut Document<'_>| {
        let reverse = act(document);
        document.record(what, reverse, second(at));
    };
    page.then(note).0
}

fn noted(document: &mut Document<'_>, id: &AccountId, note: &str, at: i64) -> Reverse {
    edited(document, id, second(at), |account| account.note = note.to_owned())
}

#[test]
fn undo_and_redo_go_through_the_steps_in_their_order() {
    let start = Page::new(&["Acme", "Bank"].map(totp));
    let ids = start.ids();
    let one = step(&start, "delete Acme:hugo", 1, |document| document.trash(&ids[..1], second(1)));
    let two = step(&one, "edit Bank:hugo", 2, |document| noted(document, &ids[1], "mine", 2));
    let (back, what) = two.then(|document| document.undo(second(3)));
    assert_eq!((what.as_deref(), back.texts()), (Some("edit Bank:hugo"), one.texts()));
    let (back, what) = back.then(|document| document.undo(second(4)));
    assert_eq!((what.as_deref(), back.texts()), (Some("delete Acme:hugo"), start.texts()));
    assert_eq!(back.then(|document| document.undo(second(5))).1, None);
    let (again, what) = back.then(|document| document.redo(second(6)));
    assert_eq!((what.as_deref(), again.texts()), (Some("delete Acme:hugo"), one.texts()));
    let (again, what) = again.then(|document| document.redo(second(7)));
    assert_eq!((what.as_deref(), again.texts()), (Some("edit Bank:hugo"), two.texts()));
    assert_eq!(again.then(|document| document.redo(second(8))).1, None);
}

#[test]
fn a_new_step_ends_what_could_be_done_again() {
    let start = Page::new(&["Acme", "Bank"].map(totp));
    let ids = start.ids();
    let page = step(&start, "delete", 1, |document| document.trash(&ids[..1], second(1)));
    let (page, _) = page.then(|document| document.undo(second(2)));
    let page = step(&page, "edit", 3, |document| noted(document, &ids[1], "mine", 3));
    assert_eq!(page.then(|document| document.redo(second(4))).1, None);
    assert_eq!(page.document().journal.len(), 1);
}

/// Seven accounts, three deleted and four edited in one go, are one step.
#[test]
fn a_bulk_change_is_one_step() {
    let start = Page::new(&["A", "B", "C", "D", "E", "F", "G"].map(totp));
    let ids = start.ids();
    let bulk = step(&start, "tag 4, delete 3", 1, |document| {
        let mut reverse = document.trash(&[ids[1].clone(), ids[2].clone(), ids[6].clone()], second(1));
        for at in [0, 3, 4, 5] {
            reverse.absorb(noted(document, &ids[at], "bulk", 1));
        }
        reverse
    });
    let (back, what) = bulk.then(|document| document.undo(second(2)));
    assert_eq!((what.as_deref(), back.texts()), (Some("tag 4, delete 3"), start.texts()));
    assert_eq!(back.then(|document| document.redo(second(3))).0.texts(), bulk.texts());
}

#[test]
fn changes_of_one_account_in_one_step_are_taken_back_from_the_last_to_the_first() {
    let start = Page::new(&[totp("Acme")]);
    let id = start.ids().remove(0);
    let page = step(&start, "edit", 1, |document| {
        let mut reverse = noted(document, &id, "first", 1);
        reverse.absorb(noted(document, &id, "second", 1));
        reverse
    });
    let (back, _) = page.then(|document| document.undo(second(2)));
    assert_eq!(back.texts(), start.texts());
    let (again, _) = back.then(|document| document.redo(second(3)));
    assert_eq!(again.texts(), page.texts());
    assert_eq!(again.then(|document| document.undo(second(4))).0.texts(), start.texts());
}

#[test]
fn steps_survive_a_restart_of_the_program() {
    let home = Home::with(&["Acme", "Bank"].map(totp));
    change(&home.reopened(day(1)), |document| {
        let id = document.read_accounts().unwrap().remove(0).id;
        let reverse = document.trash(&[id], day(1));
        document.record("delete Acme:hugo", reverse, day(1));
    });
    assert_eq!(issuers(&home.vault), ["Bank"]);
    change(&home.reopened(day(29)), |document| assert!(document.undo(day(29)).is_some()));
    assert_eq!(issuers(&home.reopened(day(30))), ["Acme", "Bank"]);
    change(&home.reopened(day(30)), |document| assert!(document.redo(day(30)).is_some()));
    assert_eq!(issuers(&home.reopened(day(31))), ["Bank"]);
}

#[test]
fn a_step_that_can_do_nothing_any_more_is_no_undo() {
    let start = Page::new(&["Acme", "Bank"].map(totp));
    let ids = start.ids();
    let page = step(&start, "edit Bank:hugo", 1, |document| noted(document, &ids[1], "mine", 1));
    let page = step(&page, "delete Acme:hugo", 2, |document| document.trash(&ids[..1], second(2)));
    let (page, _) = page.then(|document| document.purge(&ids[..1], second(3)));
    let (page, what) = page.then(|document| document.undo(second(4)));
    assert_eq!(what.as_deref(), Some("edit Bank:hugo"), "the account that was deleted is gone for good");
    assert_eq!(page.texts(), start.texts()[1..]);
    assert_eq!(page.then(|document| document.undo(second(5))).1, None);
}

#[test]
fn the_journal_keeps_two_hundred_steps_for_thirty_days() {
    let mut page = Page::new(&[totp("Acme")]);
    let id = page.ids().remove(0);
    for at in 1..=205 {
        page = step(&page, "edit", at, |document| noted(document, &id, &at.to_string(), at));
    }
    assert_eq!(page.document().journal.len(), 200);
    for _ in 0..200 {
        let (before, what) = page.then(|document| document.undo(second(300)));
        assert!(what.is_some());
        page = before;
    }
    assert_eq!(page.accounts()[0].note, "5", "the oldest that is known of");
    let (page, ()) =
        page.then(|document| document.trim_journal(second(300) + jiff::SignedDuration::from_hours(720)));
    assert_eq!(page.document().journal.len(), 200);
    let (page, ()) =
        page.then(|document| document.trim_journal(second(301) + jiff::SignedDuration::from_hours(720)));
    assert_eq!(page.document().journal.len(), 0);
}

#[test]
fn a_shown_code_is_not_shown_again_by_an_undo() {
    let start = Page::new(&[hotp("Token", 5)]);
    let id = start.ids().remove(0);
    let page = step(&start, "edit", 1, |document| noted(document, &id, "mine", 1));
    let (page, _) = page.then(|document| document.count(&id).unwrap());
    let (page, _) = page.then(|document| document.undo(second(2)));
    assert_eq!(page.accounts()[0].note, "");
    assert!(page.texts()[0].contains("counter = 6"), "{}", page.texts()[0]);
}

/// One thing that somebody does; numbers pick among what is there.
#[derive(Clone, Debug)]
enum Deed {
    Add(usize),
    Bulk(Vec<usize>, String),
    Delete(Vec<usize>),
    Edit(usize, String),
    Restore(usize),
}

fn deed() -> impl Strategy<Value = Deed> {
    let several = || proptest::collection::vec(0..9_usize, 1..4);
    let text = "[ -~é\n\"\\\\]{0,6}";
    prop_oneof![
        (1..3_usize).prop_map(Deed::Add),
        (several(), text).prop_map(|(which, text)| Deed::Bulk(which, text)),
        several().prop_map(Deed::Delete),
        (0..9_usize, text).prop_map(|(which, text)| Deed::Edit(which, text)),
        (0..9_usize).prop_map(Deed::Restore),
    ]
}

fn pick(ids: &[AccountId], which: &[usize]) -> Vec<AccountId> {
    let mut picked: Vec<AccountId> =
        which.iter().filter_map(|at| Some(ids[at.checked_rem(ids.len())?].clone())).collect();
    picked.sort();
    picked.dedup();
    picked
}

fn act(document: &mut Document<'_>, deed: &Deed, at: i64) -> Reverse {
    let read =
        |accounts: Vec<sesam::vault::Account>| accounts.into_iter().map(|one| one.id).collect::<Vec<_>>();
    let ids = read(document.read_accounts().unwrap());
    let trashed = read(document.read_trash().unwrap());
    match deed {
        Deed::Add(count) => {
            let new: Vec<_> = (0..*count).map(|number| totp(&format!("New {at} {number}"))).collect();
            document.add(&new)
        }
        Deed::Bulk(which, text) => {
            let mut reverse = Reverse::default();
            for id in pick(&ids, which) {
                reverse.absorb(noted(document, &id, text, at));
            }
            let one = pick(&ids, &which[..1]);
            reverse.absorb(document.trash(&one, second(at)));
            reverse
        }
        Deed::Delete(which) => document.trash(&pick(&ids, which), second(at)),
        Deed::Edit(which, text) => {
            let Some(id) = pick(&ids, &[*which]).pop() else { return Reverse::default() };
            edited(document, &id, second(at), |account| {
                account.issuer = text.clone();
                account.favourite = !account.favourite;
                account.tags = text.split(' ').map(str::to_owned).collect();
            })
        }
        Deed::Restore(which) => document.restore(&pick(&trashed, &[*which]), second(at)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn undoing_everything_gives_everything_back(deeds in proptest::collection::vec(deed(), 1..16)) {
        let start = Page::new(&["A", "B", "C", "D"].map(totp));
        let mut page = start.turned(&start.document());
        for (at, deed) in (1..).zip(&deeds) {
            page = step(&page, "a deed", at, |document| act(document, deed, at));
        }
        let end = page.texts();
        let mut undone = 0;
        while let (back, Some(_)) = page.then(|document| document.undo(second(1000))) {
            page = back;
            undone += 1;
        }
        prop_assert_eq!(page.texts(), start.texts());
        for _ in 0..undone {
            let (again, what) = page.then(|document| document.redo(second(2000)));
            prop_assert!(what.is_some());
            page = again;
        }
        prop_assert_eq!(page.texts(), end);
    }
}
