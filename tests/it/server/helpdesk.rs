//! What the help desk does for a user.

use sesam::server::domain::{
    audit::Reason,
    factor::Factor,
    help,
    one_field::Password,
    sign_in::{Proof, Stage},
    time::hours,
    typed::Typed,
};

use super::actors::{World, otp};

#[test]
fn reset_clears_the_bindings_and_the_next_sign_in_leads_to_binding() {
    let mut world = World::bound(&[Factor::Otp, Factor::Email]);
    let reset = help::reset(&mut world.person, "telephone lost");
    assert_eq!((reset.bindings, reset.events[0].kind.name()), (1, "Binding reset"));
    assert_eq!(reset.events[0].detail.as_deref(), Some("1 bindings; telephone lost"));
    assert_eq!(world.sign_in().stage, Stage::Binding, "although a code by mail is on");
    assert_eq!(world.verify(Password::Elsewhere, "123456"), Err(Reason::NotBound));
}

#[test]
fn a_reset_does_not_end_a_lock() {
    let mut world = World::bound(&[Factor::Otp]);
    for _ in 0..6 {
        let code = world.wrong_code();
        let _ = world.verify(Password::Elsewhere, code);
    }
    help::reset(&mut world.person, "telephone lost");
    assert_eq!(world.verify(Password::Elsewhere, "123456"), Err(Reason::Locked));
}

#[test]
fn unlock_ends_a_lock_and_forgets_the_wrong_codes() {
    let mut world = World::bound(&[Factor::Otp]);
    assert_eq!(help::unlock(&mut world.person, "nothing to lift"), []);
    for _ in 0..6 {
        let code = world.wrong_code();
        let _ = world.verify(Password::Elsewhere, code);
    }
    assert_eq!(help::unlock(&mut world.person, "ticket 1")[0].kind.name(), "Lock lifted");
    let code = world.code();
    assert_eq!(world.verify(Password::Elsewhere, &code), Ok(Proof::Code(Factor::Otp)));
}

#[test]
fn one_binding_is_taken_away_by_its_id() {
    let mut world = World::bound(&[Factor::Otp]);
    assert_eq!(help::unbind(&mut world.person, "b-7", "old"), None);
    let events = help::unbind(&mut world.person, "b-1", "old").unwrap();
    assert_eq!((events[0].kind.name(), events[0].application.as_deref()), ("Binding removed", Some("vpn")));
    assert!(!world.person.user.must_bind);
}

#[test]
fn a_bypass_ends_within_thirty_days_and_its_end_is_said_once() {
    let mut world = World::bound(&[Factor::Otp]);
    let now = world.now;
    assert!(help::bypass(&mut world.person, now, now, "x").is_err());
    assert!(help::bypass(&mut world.person, now.after(hours(24 * 30 + 1)), now, "x").is_err());
    let on = help::bypass(&mut world.person, now.after(hours(8)), now, "ticket 4711").unwrap();
    assert_eq!(on[0].detail.as_deref(), Some("for 480 min; ticket 4711"));
    assert_eq!(help::end_bypass(&mut world.person, "back")[0].kind.name(), "Bypass off");
    assert_eq!(help::end_bypass(&mut world.person, "back"), []);
    assert_eq!(world.sign_in().stage, Stage::SecondStep);
}

#[test]
fn a_token_finds_its_place_again_by_two_codes_in_a_row() {
    let mut world = World::bound(&[Factor::Otp]);
    let at = |world: &World, step: i64| {
        let seconds = world.now.unix_seconds().saturating_add_signed(step * 30);
        Typed::parse(otp().code(seconds).unwrap().as_str()).unwrap()
    };
    let (one, two) = (at(&world, -6), at(&world, -5));
    let (answer, events) = help::resync(&mut world.person, "b-1", [&one, &two], world.now);
    assert_eq!((answer, events[0].detail.as_deref()), (Ok(()), Some("resynchronised")));
    let next = at(&world, -4);
    world.wait(30);
    assert_eq!(world.verify(Password::Elsewhere, next.as_str()), Ok(Proof::Code(Factor::Otp)));
    for _ in 0..6 {
        let (answer, _) = help::resync(&mut world.person, "b-1", [&two, &one], world.now);
        assert_eq!(answer, Err(Reason::WrongCode));
    }
    let (answer, _) = help::resync(&mut world.person, "b-1", [&one, &two], world.now);
    assert_eq!(answer, Err(Reason::Locked), "wrong ones count here as well");
}
