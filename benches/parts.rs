//! How long the parts take: run with `cargo bench --bench parts`. None of it is a test.
//!
//! Whole processes, paired with an empty one, are measured by the bench `process`.

use divan::{Bencher, black_box};
use sesam::{
    clock::milliseconds,
    crypt::{Identity, mac::MacKey},
    otp::{Otp, Secret},
    qr::{Qr, read_codes},
    tui::shots,
    vault::{Account, Document, Opened, catalog::Catalog, lines::Fields, query::Query},
};

const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];
const LINK: &str =
    "otpauth://totp/ACME:hugo%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=ACME";
const VAULT_ID: &str = "0123456789abcdef0123456789abcdef";

fn main() {
    divan::main();
}

/// A sealed vault of `size` accounts.
struct Sample {
    identity: Identity,
    plain: sesam::crypt::Plain,
    file: Vec<u8>,
}

impl Sample {
    fn of(size: usize) -> Self {
        let identity = Identity::generate();
        let mut document = Document::empty(VAULT_ID);
        document.add(&(0..size).map(account).collect::<Vec<_>>());
        let plain = document.seal(&MacKey::of_vault(&identity, VAULT_ID));
        let file = identity.recipient().encrypt(&plain);
        Self { identity, plain, file }
    }

    fn open(&self) -> Opened {
        Opened::new(self.plain.clone(), |id| MacKey::of_vault(&self.identity, id)).expect("a vault of ours")
    }
}

fn account(number: usize) -> Account {
    let secret = Secret::new(vec![7; 20]).expect("20 bytes are a secret");
    let now = milliseconds(jiff::Timestamp::UNIX_EPOCH);
    Account::new(&format!("Issuer{number}"), &format!("user.{number}@example.com"), Otp::totp(secret), now)
}

#[divan::bench]
fn code(bencher: Bencher<'_, '_>) {
    let account = account(1);
    bencher.bench(|| account.otp.code(black_box(1_700_000_022)));
}

#[divan::bench(args = SIZES)]
fn decrypt(bencher: Bencher<'_, '_>, size: usize) {
    let sample = Sample::of(size);
    bencher.bench(|| sample.identity.decrypt_bytes(black_box(&sample.file)));
}

#[divan::bench(args = SIZES)]
fn check_the_seal(bencher: Bencher<'_, '_>, size: usize) {
    let sample = Sample::of(size);
    bencher
        .with_inputs(|| sample.plain.clone())
        .bench_values(|plain| Opened::new(plain, |id| MacKey::of_vault(&sample.identity, id)).is_ok());
}

#[divan::bench(args = SIZES)]
fn find_one(bencher: Bencher<'_, '_>, size: usize) {
    let opened = Sample::of(size).open();
    let query = Query::new(&format!("user.{} issuer", size / 2));
    bencher.bench(|| {
        let all: Vec<Fields<'_>> = opened.accounts().collect();
        query.select(&all.iter().copied())
    });
}

#[divan::bench(args = SIZES)]
fn read_all(bencher: Bencher<'_, '_>, size: usize) {
    let opened = Sample::of(size).open();
    bencher.bench(|| opened.document().and_then(|document| document.read_accounts()));
}

#[divan::bench(args = SIZES)]
fn add_one_and_seal(bencher: Bencher<'_, '_>, size: usize) {
    let sample = Sample::of(size);
    let (opened, added) = (sample.open(), account(size));
    bencher.bench(|| {
        let mut document = opened.document().expect("a vault of ours");
        document.add(std::slice::from_ref(&added));
        let plain = document.seal(&MacKey::of_vault(&sample.identity, VAULT_ID));
        sample.identity.recipient().encrypt(&plain)
    });
}

/// The accounts laid out for the list: what stands between the passphrase and the first picture.
#[divan::bench(args = SIZES)]
fn lay_out(bencher: Bencher<'_, '_>, size: usize) {
    let sample = Sample::of(size);
    bencher.with_inputs(|| sample.open()).bench_values(Catalog::new);
}

/// One key in the search field.
#[divan::bench(args = SIZES)]
fn search(bencher: Bencher<'_, '_>, size: usize) {
    let catalog = Catalog::new(Sample::of(size).open());
    let all: Vec<u32> = (0..u32::try_from(size).expect("few accounts")).collect();
    bencher.bench(|| catalog.search(&Query::new(black_box("user issuer7")), &all));
}

/// The start of the demo and its first picture.
#[divan::bench]
fn first_picture(bencher: Bencher<'_, '_>) {
    bencher.bench(|| shots::shot(black_box("codes"), 120, 40));
}

/// A clean picture of about 1000 pixels.
#[divan::bench]
fn read_a_clean_picture(bencher: Bencher<'_, '_>) {
    let picture = Qr::encode(LINK).expect("it fits").png(18);
    bencher.bench(|| read_codes(black_box(&picture)));
}

/// A code of 3 pixels a module on a screen of 3840 x 2160.
#[divan::bench]
fn read_a_large_screen(bencher: Bencher<'_, '_>) {
    let code = image::load_from_memory(&Qr::encode(LINK).expect("it fits").png(3)).expect("a picture");
    let shade = |x: u32, y: u32| u8::try_from((x * y / 97 + x / 60 * y / 40) % 256).unwrap_or_default();
    let mut screen = image::RgbImage::from_fn(3840, 2160, |x, y| image::Rgb([shade(x, y), 90, shade(y, x)]));
    image::imageops::overlay(&mut screen, &code.to_rgb8(), 2900, 1200);
    let mut picture = std::io::Cursor::new(Vec::new());
    screen.write_to(&mut picture, image::ImageFormat::Png).expect("written to memory");
    let picture = picture.into_inner();
    bencher.bench(|| read_codes(black_box(&picture)));
}
