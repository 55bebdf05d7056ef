//! Signing in: password, agreement, second step.

use sesam::server::domain::{
    audit::{EventKind, Reason},
    factor::{Factor, Factors},
    sign_in::{NotNow, NotSent, Proof, Stage},
};

use super::actors::{Answer, World};

#[test]
fn every_later_sign_in_asks_for_password_and_code_and_nothing_besides() {
    let mut world = World::bound(&[Factor::Otp]);
    let mut sign_in = world.sign_in();
    assert_eq!(sign_in.stage, Stage::SecondStep);
    let code = world.code();
    assert_eq!(world.show(&mut sign_in, Factor::Otp, &code), Answer::Accepted(Factor::Otp));
    assert_eq!((sign_in.stage, sign_in.proof), (Stage::Done, Some(Proof::Code(Factor::Otp))));
    assert_eq!(world.heard(), ["Secondary authentication - OTP"]);
    assert!(world.person.sent.is_empty(), "no code was sent");
}

#[test]
fn with_several_factors_on_any_one_is_enough() {
    for factor in [Factor::Otp, Factor::Email, Factor::Sms] {
        let mut world = World::bound(&[Factor::Otp, Factor::Email, Factor::Sms]);
        let mut sign_in = world.sign_in();
        let code = match factor {
            Factor::Otp => world.code(),
            _ => world.send(&sign_in, factor).unwrap().code.expose().to_owned(),
        };
        assert_eq!(world.show(&mut sign_in, factor, &code), Answer::Accepted(factor));
        assert_eq!(sign_in.stage, Stage::Done);
    }
}

#[test]
fn a_factor_that_is_off_opens_nothing() {
    let mut world = World::bound(&[Factor::Email]);
    let mut sign_in = world.sign_in();
    let code = world.code();
    assert_eq!(world.show(&mut sign_in, Factor::Otp, &code), Answer::Refused(Reason::FactorOff));
    assert_eq!(world.person.user.failures.in_row, 0);
    assert_eq!(world.send(&sign_in, Factor::Sms), Err(NotSent::NoWay));
}

#[test]
fn without_factors_the_password_is_enough() {
    let mut world = World::bound(&[]);
    let sign_in = world.sign_in();
    assert_eq!((sign_in.stage, sign_in.proof), (Stage::Done, Some(Proof::NotAsked)));
}

#[test]
fn a_wrong_password_is_written_down_and_locks_nobody() {
    let mut world = World::bound(&[Factor::Otp]);
    for _ in 0..1000 {
        assert_eq!(world.begin(false, false), Err(Reason::WrongPassword));
    }
    assert_eq!(world.how_many(EventKind::Password), 1000);
    assert_eq!(world.sign_in().stage, Stage::SecondStep);
}

#[test]
fn a_disabled_user_does_not_get_in_with_the_right_password() {
    let mut world = World::bound(&[Factor::Otp]);
    world.person.user.enabled = false;
    assert_eq!(world.begin(true, false), Err(Reason::UserDisabled));
    assert_eq!(world.begin(false, false), Err(Reason::WrongPassword));
}

#[test]
fn the_agreement_is_accepted_at_the_first_sign_in_and_again_after_each_change() {
    let mut world = World::bound(&[Factor::Otp]);
    world.application.agree_on(Some("Be kind."));
    for (text, version) in [("Be kind.", 1), ("Be very kind.", 2)] {
        world.application.agree_on(Some(text));
        let mut sign_in = world.sign_in();
        assert_eq!(sign_in.stage, Stage::Agreement);
        let code = world.code();
        let early = world.show(&mut sign_in, Factor::Otp, &code);
        assert_eq!(early, Answer::NotNow(NotNow::OtherStage), "no code before the agreement");
        let other = sign_in.agree(&mut world.person, (&world.application, version + 7), world.now);
        assert_eq!(other, Err(NotNow::OtherStage), "not the text that was shown");
        sign_in.agree(&mut world.person, (&world.application, version), world.now).unwrap();
        assert_eq!(sign_in.stage, Stage::SecondStep);
        assert_eq!(world.sign_in().stage, Stage::SecondStep, "once");
    }
}

#[test]
fn bypass_skips_every_second_factor_until_its_end_and_is_marked() {
    let mut world = World::bound(&[Factor::Otp, Factor::Email]);
    let end = world.now.millis() + 3_600_000;
    world.person.user.bypass = Some(sesam::server::domain::time::Time::from_millis(end));
    world.wait(3599);
    let sign_in = world.sign_in();
    assert_eq!((sign_in.stage, sign_in.proof), (Stage::Done, Some(Proof::Bypass)));
    assert_eq!(world.heard(), ["Bypass used"]);
    world.wait(1);
    assert_eq!(world.sign_in().stage, Stage::SecondStep);
    assert_eq!(world.heard(), [""; 0]);
}

#[test]
fn a_browser_that_is_remembered_is_asked_for_nothing_but_after_a_reset_it_is() {
    let mut world = World::bound(&[Factor::Otp]);
    let sign_in = world.begin(true, true).unwrap();
    assert_eq!((sign_in.stage, sign_in.proof), (Stage::Done, Some(Proof::Remembered)));
    world.person.user.must_bind = true;
    assert_eq!(world.begin(true, true).unwrap().stage, Stage::Binding);
}

#[test]
fn a_try_at_a_finished_sign_in_is_not_judged_and_not_written_down() {
    let mut world = World::bound(&[Factor::Otp]);
    let mut sign_in = world.sign_in();
    let code = world.code();
    world.show(&mut sign_in, Factor::Otp, &code);
    world.audit.clear();
    let before = world.person.clone();
    assert_eq!(world.show(&mut sign_in, Factor::Otp, "000000"), Answer::NotNow(NotNow::OtherStage));
    assert_eq!((world.heard(), &world.person), (vec![], &before));
}

#[test]
fn a_sign_in_expires_after_a_quarter_of_an_hour() {
    let mut world = World::bound(&[Factor::Otp]);
    let mut sign_in = world.sign_in();
    world.wait(15 * 60);
    let code = world.code();
    assert_eq!(world.show(&mut sign_in, Factor::Otp, &code), Answer::NotNow(NotNow::Expired));
}

#[test]
fn a_code_by_mail_lives_ten_minutes_goes_to_a_masked_address_and_is_held_back() {
    let mut world = World::new(&[Factor::Email]);
    let mut sign_in = world.sign_in();
    let first = world.send(&sign_in, Factor::Email).unwrap();
    assert_eq!((first.to.as_str(), first.shown.as_str()), ("hugo@example.com", "h**o@example.com"));
    assert!(
        matches!(world.send(&sign_in, Factor::Email), Err(NotSent::HeldBack { wait }) if wait.as_secs() == 60)
    );
    world.wait(60);
    let second = world.send(&sign_in, Factor::Email).unwrap();
    let old = world.show(&mut sign_in, Factor::Email, first.code.expose());
    assert_eq!(old, Answer::Refused(Reason::ExpiredCode), "a new one kills the old one");
    assert_eq!(world.person.user.failures.in_row, 0, "only wrong codes count");
    world.wait(600);
    let late = world.show(&mut sign_in, Factor::Email, second.code.expose());
    assert_eq!(late, Answer::Refused(Reason::ExpiredCode));
}

#[test]
fn a_code_of_another_sign_in_opens_nothing() {
    let mut world = World::new(&[Factor::Email]);
    let own = world.sign_in();
    let code = world.send(&own, Factor::Email).unwrap();
    world.begin(false, false).unwrap_err();
    let mut other = world.sign_in();
    assert_ne!(own.id, other.id);
    let answer = world.show(&mut other, Factor::Email, code.code.expose());
    assert_eq!(answer, Answer::Refused(Reason::ExpiredCode));
}

#[test]
fn the_factors_on_offer_are_those_that_are_on_and_there() {
    let mut world = World::bound(&[Factor::Otp, Factor::Email, Factor::Sms]);
    world.person.user.mobile = None;
    let sign_in = world.sign_in();
    let offered = sign_in.factors(&world.person, &world.application, world.now);
    assert_eq!(offered, [Factor::Otp, Factor::Email].into_iter().collect::<Factors>());
}
