//! Random histories on two copies of one vault, merged, against a model that knows only the rules: nothing that
//! neither side deleted is lost, nothing comes back from the dead, the later change wins, no counter goes back.

use std::collections::BTreeMap;

use proptest::prelude::*;
use sesam::{
    otp::Secret,
    vault::{Account, AccountId, Document},
};

use super::{
    home::{hotp, second, totp},
    merge::merged,
    text::{Page, edit},
};

#[derive(Clone, Copy, Debug)]
enum Deed {
    Add,
    Count,
    Delete,
    Note,
    Purge,
    Restore,
    Secret,
}

/// Where an account is, and since when.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Life {
    Live,
    Trash(i64),
    Gone(i64),
}

/// What the model knows of an account; times are seconds, 0 for never.
#[derive(Clone, Debug, PartialEq)]
struct Model {
    life: Life,
    touched: i64,
    note: (i64, String),
    secret: (i64, String),
    counter: u64,
}

type World = BTreeMap<String, Model>;

fn deeds() -> impl Strategy<Value = Vec<(Deed, usize)>> {
    let deed = prop_oneof![
        Just(Deed::Add),
        Just(Deed::Count),
        Just(Deed::Delete),
        Just(Deed::Note),
        Just(Deed::Purge),
        Just(Deed::Restore),
        Just(Deed::Secret),
    ];
    proptest::collection::vec((deed, 0..4_usize), 0..14)
}

fn model_of(account: &Account) -> Model {
    let counter = match account.otp.kind {
        sesam::otp::Kind::Hotp { counter } => counter.value(),
        _ => 0,
    };
    let secret = account.otp.secret.to_base32().to_string();
    Model { life: Life::Live, touched: 0, note: (0, account.note.clone()), secret: (0, secret), counter }
}

/// One thing that somebody does to one of the accounts, in the vault and in the model.
fn act(document: &mut Document<'_>, world: &mut World, (deed, which): (Deed, usize), at: i64) {
    let now = second(at);
    if matches!(deed, Deed::Add) {
        let account = totp(&format!("New {at}"));
        world.insert(account.id.as_str().to_owned(), model_of(&account));
        document.add(&[account]);
        return;
    }
    let Some((key, model)) = world.iter_mut().nth(which) else { return };
    let id = AccountId::from_text(key);
    let ids = std::slice::from_ref(&id);
    match (deed, model.life) {
        (Deed::Note, Life::Live) => {
            model.note = (at, format!("note of {at}"));
            edit(document, &id, now, |account| account.note = format!("note of {at}"));
            model.touched = at;
        }
        (Deed::Secret, Life::Live) => {
            let secret = Secret::new(format!("the secret of time {at:05}").into_bytes()).unwrap();
            model.secret = (at, secret.to_base32().to_string());
            edit(document, &id, now, |account| account.otp.secret = secret);
            model.touched = at;
        }
        (Deed::Count, Life::Live) => {
            let moved = matches!(document.count(&id).unwrap().otp.kind, sesam::otp::Kind::Hotp { .. });
            model.counter += u64::from(moved);
        }
        (Deed::Delete, Life::Live) => {
            document.trash(ids, now);
            model.life = Life::Trash(at);
        }
        (Deed::Restore, Life::Trash(_)) => {
            document.restore(ids, now);
            (model.life, model.touched) = (Life::Live, at);
        }
        (Deed::Purge, Life::Trash(_)) => {
            document.purge(ids, now);
            model.life = Life::Gone(at);
        }
        _ => {}
    }
}

fn expected(one: &Model, other: &Model) -> Model {
    let life =
        match (one.life, other.life) {
            (Life::Live, Life::Live) => Life::Live,
            (Life::Live, Life::Trash(at) | Life::Gone(at)) if one.touched > at => Life::Live,
            (Life::Trash(at) | Life::Gone(at), Life::Live) if other.touched > at => Life::Live,
            (Life::Live, dead) | (dead, Life::Live) => dead,
            (Life::Trash(one), Life::Trash(other)) => Life::Trash(one.max(other)),
            (Life::Gone(one), Life::Gone(other)) => Life::Gone(one.max(other)),
            (Life::Gone(gone), Life::Trash(trash)) | (Life::Trash(trash), Life::Gone(gone)) => {
                if trash > gone { Life::Trash(trash) } else { Life::Gone(gone) }
            }
        };
    let is_gone = |model: &Model| matches!(model.life, Life::Gone(_));
    if is_gone(one) || is_gone(other) {
        let left = if is_gone(one) { other } else { one };
        return Model { life, ..left.clone() };
    }
    Model {
        life,
        touched: one.touched.max(other.touched),
        note: one.note.clone().max(other.note.clone()),
        secret: one.secret.clone().max(other.secret.clone()),
        counter: one.counter.max(other.counter),
    }
}

fn merged_models(one: &World, other: &World) -> World {
    let mut all = one.clone();
    for (id, model) in other {
        let joined = one.get(id).map_or_else(|| model.clone(), |own| expected(own, model));
        all.insert(id.clone(), joined);
    }
    all
}

/// The vault must say of each account what the model says.
fn compare(page: &Page, world: &World) -> Result<(), TestCaseError> {
    let document = page.document();
    let (live, trash) = (document.read_accounts().unwrap(), document.read_trash().unwrap());
    prop_assert_eq!(live.len() + trash.len() + document.deleted.len(), world.len(), "each account once");
    for (id, model) in world {
        let at =
            |block: &sesam::vault::document::Block<'_>, key: &str| block.fields().time(key).unwrap().unwrap();
        let found = |accounts: &[Account]| accounts.iter().find(|one| one.id.as_str() == id).cloned();
        let account = match model.life {
            Life::Live => found(&live),
            Life::Trash(_) => found(&trash),
            Life::Gone(time) => {
                let stone = document.deleted.iter().find(|block| block.id() == id);
                prop_assert_eq!(stone.map(|block| at(block, "at")), Some(second(time)));
                continue;
            }
        };
        let Some(account) = account else {
            return Err(TestCaseError::fail(format!("{id} is not {model:?}")));
        };
        let own = model_of(&account);
        prop_assert_eq!((&own.note.1, &own.secret.1), (&model.note.1, &model.secret.1));
        prop_assert_eq!(own.counter, model.counter);
        if let Life::Trash(time) = model.life {
            let block = document.trash.iter().find(|block| block.id() == id).unwrap();
            prop_assert_eq!(at(block, "deleted"), second(time));
        }
    }
    Ok(())
}

fn lived(page: &Page, world: &World, deeds: &[(Deed, usize)], first: i64) -> (Page, World) {
    let mut world = world.clone();
    let (page, ()) = page.then(|document| {
        for (at, deed) in (first..).step_by(2).zip(deeds) {
            act(document, &mut world, *deed, at);
        }
    });
    (page, world)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_merge_is_what_the_rules_say(
        before in deeds(), one in deeds(), other in deeds(), shift in 0..20_i64, later in deeds()
    ) {
        let start = Page::new(&[totp("Acme"), totp("Bank"), hotp("Token", 5)]);
        let world = start.accounts().iter().map(|one| (one.id.as_str().to_owned(), model_of(one))).collect();
        let (base, world) = lived(&start, &world, &before, 1);
        let (one, one_world) = lived(&base, &world, &one, 101);
        let (other, other_world) = lived(&base, &world, &other, 102 + 2 * shift);
        let (both, _) = merged(&one, &other);
        let both_world = merged_models(&one_world, &other_world);
        compare(&both, &both_world)?;
        let (further, further_world) = lived(&other, &other_world, &later, 302);
        let (all, _) = merged(&both, &further);
        compare(&all, &merged_models(&both_world, &further_world))?;
    }
}
