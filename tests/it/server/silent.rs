//! No type of the server shows a secret in its `Debug`.

use std::fmt::Debug;

use sesam::server::{
    domain::{factor::Factor, help, one_field::readings, recovery::Plain, time::hours, typed::Typed},
    seal::{
        password::{self, PasswordHash},
        token::{Kind, Token},
    },
};

use super::{actors::World, databases::keys};

#[track_caller]
fn silent(value: &impl Debug, secrets: &[&str]) {
    for shown in [format!("{value:?}"), format!("{value:#?}")] {
        let found = secrets.iter().find(|secret| shown.contains(**secret));
        assert_eq!(found, None, "in {shown}");
    }
}

#[test]
fn no_debug_text_shows_a_seed_a_code_a_password_or_a_token() {
    let mut world = World::bound(&[Factor::Otp, Factor::Email]);
    let seed = ["1234567890", "49, 50, 51", "GEZDGNBV"];
    let sign_in = world.sign_in();
    let message = world.send(&sign_in, Factor::Email).unwrap();
    silent(&message, &[message.code.expose()]);
    let (random, rules, now) = (world.random(), world.rules(), world.now);
    let (issued, _) =
        help::passcode(&mut world.person, (rules.pepper, random), (now, hours(1)), "lost").unwrap();
    silent(&issued, &[issued.expose()]);
    let sheet = Plain::sheet(&std::array::from_fn(|nth| u8::try_from(nth).unwrap().wrapping_mul(37)));
    world.person.recovery = Some(password::paper(&sheet[..1], [1; 16], &keys(7).paper()));
    silent(&sheet[0], &[sheet[0].expose()]);
    silent(
        &world.person,
        &[&seed[..], &[message.code.expose(), issued.expose(), sheet[0].expose()]].concat(),
    );
    silent(&rules, &["7, 7"]);
    silent(&keys(7), &["7, 7"]);
    silent(&Typed::parse("123456"), &["123456"]);
    silent(&readings(Some(&world.person), &world.application, ("secret123456", now)), &["secret", "123456"]);
    silent(&PasswordHash::new("secret", [7; 16]), &["argon2id", "secret"]);
    let token = Token::new(Kind::ApiKey, &[7; 32]);
    silent(&token, &[token.expose(), "BwcH"]);
}
