//! The lock rule as a user meets it.

use sesam::server::domain::{
    audit::{EventKind, Reason},
    binding::State,
    factor::Factor,
    help,
    one_field::Password,
    sign_in::{Proof, Stage},
};

use super::actors::{Answer, World};

const HOUR: i64 = 3600;

fn wrong(world: &mut World) -> Answer {
    let mut sign_in = world.sign_in();
    let code = world.wrong_code();
    world.show(&mut sign_in, Factor::Otp, code)
}

#[test]
fn six_wrong_codes_in_a_row_lock_and_then_not_even_the_right_one_opens() {
    let mut world = World::bound(&[Factor::Otp]);
    for _ in 0..6 {
        assert_eq!(wrong(&mut world), Answer::Refused(Reason::WrongCode));
    }
    assert_eq!(world.how_many(EventKind::LockOn), 1);
    let mut sign_in = world.sign_in();
    assert_eq!(sign_in.stage, Stage::SecondStep);
    assert!(sign_in.factors(&world.person, &world.application, world.now).is_empty());
    world.wait(600);
    let code = world.code();
    assert_eq!(world.show(&mut sign_in, Factor::Otp, &code), Answer::Refused(Reason::Locked));
    assert_eq!(world.person.user.failures.since_success, 6, "a refused one is not counted");
    world.wait(HOUR - 600);
    world.audit.clear();
    let (mut sign_in, code) = (world.sign_in(), world.code());
    assert_eq!(world.show(&mut sign_in, Factor::Otp, &code), Answer::Accepted(Factor::Otp));
    assert_eq!(world.heard(), ["Lock expired", "Secondary authentication - OTP"]);
}

#[test]
fn after_one_hour_come_four_and_then_twenty_four_with_six_tries_between() {
    let mut world = World::bound(&[Factor::Otp]);
    for hours in [1, 4, 24, 24] {
        for nth in 1..=6 {
            assert_eq!(wrong(&mut world), Answer::Refused(Reason::WrongCode), "{nth} before {hours} h");
        }
        assert_eq!(wrong(&mut world), Answer::Refused(Reason::Locked));
        world.wait(hours * HOUR - 1);
        assert_eq!(wrong(&mut world), Answer::Refused(Reason::Locked));
        world.wait(1);
    }
    assert_eq!(world.how_many(EventKind::LockOn), 4);
}

#[test]
fn the_six_are_counted_over_all_factors_and_doors() {
    let mut world = World::bound(&[Factor::Otp, Factor::Email]);
    let mut sign_in = world.sign_in();
    let sent = world.send(&sign_in, Factor::Email).unwrap();
    let guess = if sent.code.expose() == "999999" { "999998" } else { "999999" };
    let code = world.wrong_code();
    for _ in 0..2 {
        world.show(&mut sign_in, Factor::Otp, code);
        world.show(&mut sign_in, Factor::Email, guess);
        assert_eq!(world.verify(Password::Elsewhere, code), Err(Reason::WrongCode));
    }
    assert_eq!(world.how_many(EventKind::LockOn), 1);
    let right = world.code();
    assert_eq!(world.verify(Password::Right, &right), Err(Reason::Locked));
    let mailed = world.show(&mut sign_in, Factor::Email, sent.code.expose());
    assert_eq!(mailed, Answer::Refused(Reason::Locked));
}

#[test]
fn wrong_codes_while_binding_are_counted_as_well() {
    let mut world = World::new(&[Factor::Otp]);
    let mut sign_in = world.sign_in();
    let begun = world.start_binding(&sign_in).unwrap();
    for _ in 0..6 {
        let answer = world.confirm(&mut sign_in, (&begun.id, "000000"), Some("000000"));
        assert_eq!(answer, Answer::Refused(Reason::WrongCode));
    }
    let answer = world.confirm(&mut sign_in, (&begun.id, "000000"), Some("000000"));
    assert_eq!(answer, Answer::Refused(Reason::Locked));
    assert_eq!(world.how_many(EventKind::LockOn), 1);
}

#[test]
fn a_right_code_seen_before_is_refused_and_not_counted() {
    let mut world = World::bound(&[Factor::Otp]);
    let code = world.code();
    assert_eq!(world.verify(Password::Elsewhere, &code), Ok(Proof::Code(Factor::Otp)));
    for _ in 0..1000 {
        assert_eq!(world.verify(Password::Elsewhere, &code), Err(Reason::ReplayedCode));
    }
    assert_eq!(world.person.user.failures.in_row, 0);
    world.wait(10 * 60);
    assert_eq!(world.verify(Password::Elsewhere, &code), Err(Reason::ReplayedCode), "and later, too");
    assert_eq!(world.how_many(EventKind::Secondary(Factor::Otp)), 1002);
}

#[test]
fn a_success_clears_the_ladder_and_the_hundred() {
    let mut world = World::bound(&[Factor::Otp]);
    for _ in 0..6 {
        wrong(&mut world);
    }
    world.wait(HOUR);
    let code = world.code();
    assert_eq!(world.verify(Password::Elsewhere, &code), Ok(Proof::Code(Factor::Otp)));
    for _ in 0..6 {
        wrong(&mut world);
    }
    world.wait(HOUR);
    assert_eq!(wrong(&mut world), Answer::Refused(Reason::WrongCode), "one hour again, not four");
}

#[test]
fn the_hundredth_wrong_code_without_a_success_disables_the_binding() {
    let mut world = World::bound(&[Factor::Otp]);
    let mut judged = 0;
    while world.person.bindings[0].state == State::Active {
        match wrong(&mut world) {
            Answer::Refused(Reason::WrongCode) => judged += 1,
            Answer::Refused(Reason::Locked) => world.wait(HOUR),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(judged, 100);
    world.wait(10_000 * HOUR);
    let code = world.code();
    assert_eq!(world.verify(Password::Elsewhere, &code), Err(Reason::Disabled));
    world.audit.extend(help::unlock(&mut world.person, "ticket 4711"));
    assert_eq!(world.verify(Password::Elsewhere, &code), Ok(Proof::Code(Factor::Otp)));
}
