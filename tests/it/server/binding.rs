//! Binding an authenticator.

use sesam::{
    otp::Otp,
    server::domain::{
        application::Switch,
        audit::Reason,
        binding::{Binding, Device, State},
        enrol::NotBegun,
        factor::Factor,
        judge::Moving,
        sign_in::{NotNow, Proof, Stage},
    },
};

use super::actors::{Answer, World, otp};

fn code(world: &World, otp: &Otp) -> String {
    otp.code(world.now.unix_seconds()).unwrap().as_str().to_owned()
}

#[test]
fn the_first_binding_also_needs_a_code_sent_by_mail() {
    let mut world = World::new(&[Factor::Otp]);
    let mut sign_in = world.sign_in();
    assert_eq!(sign_in.stage, Stage::Binding);
    let begun = world.start_binding(&sign_in).unwrap();
    let mailed = begun.message.clone().unwrap();
    assert_eq!(
        (begun.shown.as_deref(), mailed.shown.as_str()),
        (Some("h**o@example.com"), "h**o@example.com")
    );
    let own = code(&world, &begun.otp);
    let without = world.confirm(&mut sign_in, (&begun.id, &own), None);
    assert_eq!(without, Answer::Refused(Reason::WrongCode));
    let only_mail = world.confirm(&mut sign_in, (&begun.id, "000000"), Some(mailed.code.expose()));
    assert_eq!(only_mail, Answer::Refused(Reason::WrongCode), "and the mail is not spent by it");
    assert_eq!(world.person.bindings[0].state, State::Unconfirmed);
    let both = world.confirm(&mut sign_in, (&begun.id, &own), Some(mailed.code.expose()));
    assert_eq!(both, Answer::Accepted(Factor::Otp));
    assert_eq!((sign_in.stage, sign_in.proof), (Stage::Done, Some(Proof::Bound)));
    assert_eq!(world.heard().last(), Some(&"Binding created"));
    assert_eq!(world.sign_in().stage, Stage::SecondStep);
}

#[test]
fn the_code_that_confirmed_opens_nothing_again() {
    let mut world = World::new(&[Factor::Otp]);
    let mut sign_in = world.sign_in();
    let begun = world.start_binding(&sign_in).unwrap();
    let own = code(&world, &begun.otp);
    let mailed = begun.message.unwrap();
    world.confirm(&mut sign_in, (&begun.id, &own), Some(mailed.code.expose()));
    let mut next = world.sign_in();
    assert_eq!(world.show(&mut next, Factor::Otp, &own), Answer::Refused(Reason::ReplayedCode));
}

#[test]
fn a_binding_is_confirmed_with_the_current_or_the_previous_steps_code() {
    for (back, answer) in [(30, Answer::Accepted(Factor::Otp)), (60, Answer::Refused(Reason::WrongCode))] {
        let mut world = World::new(&[Factor::Otp]);
        let mut sign_in = world.sign_in();
        let begun = world.start_binding(&sign_in).unwrap();
        let earlier = begun.otp.code(world.now.unix_seconds() - back).unwrap();
        let mailed = begun.message.unwrap();
        let got = world.confirm(&mut sign_in, (&begun.id, earlier.as_str()), Some(mailed.code.expose()));
        assert_eq!(got, answer);
    }
}

#[test]
fn begun_again_the_first_qr_is_dead_and_the_mail_of_a_moment_ago_still_counts() {
    let mut world = World::new(&[Factor::Otp]);
    let mut sign_in = world.sign_in();
    let first = world.start_binding(&sign_in).unwrap();
    let second = world.start_binding(&sign_in).unwrap();
    assert_eq!((second.message.clone(), second.shown.as_deref()), (None, Some("h**o@example.com")));
    let mailed = first.message.unwrap();
    let (old, new) = (code(&world, &first.otp), code(&world, &second.otp));
    let dead = world.confirm(&mut sign_in, (&first.id, &old), Some(mailed.code.expose()));
    assert_eq!(dead, Answer::Refused(Reason::NotBound));
    let live = world.confirm(&mut sign_in, (&second.id, &new), Some(mailed.code.expose()));
    assert_eq!(live, Answer::Accepted(Factor::Otp));
    assert_eq!(world.person.bindings.len(), 1);
}

#[test]
fn without_an_address_the_help_desk_must_help() {
    let mut world = World::new(&[Factor::Otp]);
    world.person.user.email = None;
    let sign_in = world.sign_in();
    assert_eq!(world.start_binding(&sign_in), Err(NotBegun::NoEmail));
}

#[test]
fn after_a_code_a_new_binding_needs_no_mail_and_takes_the_old_ones_place_once_confirmed() {
    let mut world = World::bound(&[Factor::Otp]);
    let mut sign_in = world.sign_in();
    let own = world.code();
    world.show(&mut sign_in, Factor::Otp, &own);
    let begun = world.start_binding(&sign_in).unwrap();
    assert_eq!((&begun.message, &begun.shown), (&None, &None));
    assert_eq!(world.person.bindings.len(), 2, "the old one opens until the new one does");
    let new = code(&world, &begun.otp);
    assert_eq!(world.confirm(&mut sign_in, (&begun.id, &new), None), Answer::Accepted(Factor::Otp));
    assert_eq!(world.person.bindings.len(), 1);
    assert_eq!(world.heard()[1..], ["Binding removed", "Binding created"]);
}

#[test]
fn who_has_shown_no_code_cannot_bind_past_the_second_step() {
    let mut world = World::bound(&[Factor::Otp]);
    let sign_in = world.sign_in();
    assert_eq!(world.start_binding(&sign_in), Err(NotBegun::NotNow(NotNow::OtherStage)));
    world.person.user.bypass = Some(world.now.after(std::time::Duration::from_mins(1)));
    let bypassed = world.sign_in();
    assert_eq!(bypassed.stage, Stage::Done);
    assert_eq!(world.start_binding(&bypassed), Err(NotBegun::NotNow(NotNow::OtherStage)));
}

#[test]
fn otp_on_again_means_binding_again() {
    let mut world = World::bound(&[Factor::Otp]);
    let token = Binding {
        id: "t-1".into(),
        application: None,
        device: Device::Token { serial: "0815".into() },
        state: State::Active,
        otp: otp(),
        moving: Moving::default(),
        created: world.now,
        used: None,
    };
    let mut other = world.person.clone();
    other.bindings.push(token);
    let wish = |on, bindings| Switch { factor: Factor::Otp, on, bindings };
    assert!(world.application.switch(wish(false, None), 1).is_err());
    assert!(world.application.switch(wish(false, Some(1)), 1).unwrap().bindings_go);
    for person in [&mut world.person, &mut other] {
        person.bindings.retain(|binding| !binding.is_app()); // what the store does for everybody
    }
    world.application.switch(wish(true, None), 0).unwrap();
    assert_eq!(world.sign_in().stage, Stage::Binding);
    world.person = other;
    assert_eq!(world.sign_in().stage, Stage::SecondStep, "hardware tokens stay");
}
