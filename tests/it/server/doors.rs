//! Password and code in one field, recovery codes, passcodes.

use sesam::server::domain::{
    attempt::{Try, Verdict},
    audit::Reason,
    binding::{Binding, Device, State},
    factor::{Factor, Factors},
    help,
    judge::Moving,
    one_field::{self, Password, readings},
    recovery::{Plain, Presented, Recovery, RecoveryCode, Verifier},
    sign_in::{Proof, Stage},
    time::hours,
    typed::Typed,
};

use super::actors::{World, otp};

fn read(world: &World, text: &str) -> Vec<(String, Option<String>)> {
    let person = Some(&world.person);
    let read = readings(person, &world.application, (text, world.now));
    read.into_iter().map(|one| (one.password.to_owned(), one.code.map(str::to_owned))).collect()
}

fn split(password: &str, code: &str) -> (String, Option<String>) {
    (password.to_owned(), Some(code.to_owned()))
}

#[test]
fn one_field_is_taken_apart_by_what_the_user_has_bound() {
    let mut world = World::bound(&[Factor::Otp]);
    assert_eq!(read(&world, "pa55word1123456"), [split("pa55word1", "123456")]);
    let mut eight = otp();
    eight.digits = sesam::otp::Digits::new(8).unwrap();
    world.person.bindings.push(Binding {
        id: "t-1".into(),
        application: None,
        device: Device::Token { serial: "0815".into() },
        state: State::Active,
        otp: eight,
        moving: Moving::default(),
        created: world.now,
        used: None,
    });
    assert_eq!(read(&world, "secret12345678"), [split("secret12", "345678"), split("secret", "12345678")]);
    assert_eq!(read(&world, "secret"), []);
    assert_eq!(read(&world, "geheimé٤٩٢٠٣٩"), []);
    assert_eq!(read(&world, ""), []);
    let unknown = readings(None, &world.application, ("secret123456", world.now));
    assert_eq!((unknown.len(), unknown[0].password), (1, "secret"));
}

#[test]
fn a_bypass_at_the_one_field_takes_the_password_alone_and_is_marked() {
    let mut world = World::bound(&[Factor::Otp]);
    help::bypass(&mut world.person, world.now.after(hours(1)), world.now, "travelling").unwrap();
    assert_eq!(read(&world, "secret123456"), [("secret123456".to_owned(), None)]);
    assert_eq!(world.verify(Password::Right, "123456"), Ok(Proof::Bypass));
    assert_eq!(world.heard(), ["Bypass used"]);
    assert_eq!(world.verify(Password::Wrong, "123456"), Err(Reason::WrongPassword));
}

#[test]
fn a_wrong_password_is_not_judged_further() {
    let mut world = World::bound(&[Factor::Otp]);
    let code = world.code();
    assert_eq!(world.verify(Password::Wrong, &code), Err(Reason::WrongPassword));
    assert_eq!(world.verify(Password::Right, &code), Ok(Proof::Code(Factor::Otp)), "the code is not spent");
}

#[test]
fn a_passcode_opens_once_and_for_its_time() {
    let mut world = World::bound(&[Factor::Otp]);
    let (random, rules, now) = (world.random(), world.rules(), world.now);
    let issue = (rules.pepper, random);
    let (issued, events) = help::passcode(&mut world.person, issue, (now, hours(8)), "ticket 4711").unwrap();
    assert_eq!(events[0].kind.name(), "Administrator passcode issued");
    assert!(!format!("{events:?}").contains(issued.expose()));
    let field = format!("secret{}", issued.expose());
    assert!(read(&world, &field).contains(&split("secret", issued.expose())));
    assert_eq!(world.verify(Password::Right, issued.expose()), Ok(Proof::Code(Factor::Passcode)));
    assert_eq!(world.verify(Password::Right, issued.expose()), Err(Reason::ReplayedCode));
    assert_eq!(world.person.user.failures.in_row, 0);
    let day = help::passcode(&mut world.person, issue, (now, hours(25)), "ticket 4711");
    assert!(day.is_err(), "at most 24 hours");
}

#[test]
fn after_a_reset_a_passcode_leads_to_binding_without_mail() {
    let mut world = World::bound(&[Factor::Otp]);
    help::reset(&mut world.person, "lost");
    let (random, rules, now) = (world.random(), world.rules(), world.now);
    let (issued, _) =
        help::passcode(&mut world.person, (rules.pepper, random), (now, hours(1)), "lost").unwrap();
    world.person.user.email = None;
    let mut sign_in = world.sign_in();
    assert_eq!(sign_in.stage, Stage::SecondStep);
    world.show(&mut sign_in, Factor::Passcode, issued.expose());
    assert_eq!(sign_in.stage, Stage::Binding);
    assert!(world.start_binding(&sign_in).unwrap().message.is_none());
}

#[test]
fn a_recovery_code_opens_once_and_the_user_is_offered_to_bind_again() {
    let mut world = World::bound(&[Factor::Otp]);
    let plain = Plain::sheet(&std::array::from_fn(|nth| u8::try_from(nth).unwrap().wrapping_mul(37)));
    let hash = |plain: &Plain| {
        let mut bytes = [0; 32];
        bytes[..16].copy_from_slice(plain.expose().as_bytes());
        Verifier(bytes)
    };
    let code =
        |plain: &Plain| RecoveryCode { selector: plain.selector().into(), verifier: hash(plain), used: None };
    world.person.recovery = Some(Recovery { salt: [1; 16], codes: plain.iter().map(code).collect() });
    let show = |world: &mut World, verifier| {
        let mut sign_in = world.sign_in();
        let typed = Typed::parse(&plain[0].grouped()).unwrap();
        let paper = Presented { selector: plain[0].selector().into(), verifier, salt: [1; 16] };
        let attempt = Try {
            application: &world.application,
            factors: Factors::NONE.with(Factor::Recovery, true),
            code: &typed,
            paper: Some(&paper),
            sign_in: "",
        };
        let (rules, now) = (world.rules(), world.now);
        let ruling = sign_in.show_code(&mut world.person, &attempt, (rules, now)).unwrap();
        (ruling.verdict, sign_in.offers_binding())
    };
    let guess = show(&mut world, Verifier([9; 32]));
    assert_eq!(guess, (Verdict::Refused(Reason::WrongCode), false));
    assert_eq!(show(&mut world, hash(&plain[0])), (Verdict::Accepted(Factor::Recovery), true));
    assert_eq!(world.person.user.failures.in_row, 0);
    assert_eq!(show(&mut world, hash(&plain[0])), (Verdict::Refused(Reason::ReplayedCode), false));
    assert_eq!(world.person.user.failures.in_row, 0, "a used one is not counted");
    assert_eq!(world.person.recovery.as_ref().unwrap().left(), 9);
    assert_eq!(one_field::factors().iter().count(), 2, "paper does not go through the one field");
}
