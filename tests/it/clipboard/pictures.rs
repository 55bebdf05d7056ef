//! A picture that another program copied, on a real X server.

use sesam::qr::Qr;

use super::display::Display;
use crate::cli::sesam::{Home, write};

const LINK: &str = "otpauth://totp/Acme:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme";

#[test]
fn the_code_on_a_copied_picture_is_added() {
    let Some(display) = Display::open() else { return };
    let home = Home::with_vault();
    let said = display.run(&home, &["add", "--qr", "clipboard"]).fails(1);
    assert!(said.contains("there is no picture on the clipboard"), "{said}");
    display.somebody_copies(LINK);
    let said = display.run(&home, &["add", "--qr", "clipboard"]).fails(1);
    assert!(said.contains("there is no picture on the clipboard") && said.contains("--uri -"), "{said}");

    let file = home.path("code.png");
    write(&file, Qr::encode(LINK).unwrap().png(4));
    display.somebody_copies_a_picture(&file);
    display.run(&home, &["add", "--qr", "clipboard"]).ok();
    assert_eq!(home.names(), ["Acme:alice"]);
}
