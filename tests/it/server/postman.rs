//! How letters go: over TLS and with a password where the settings say so, and without a word in the log.

use std::{
    io::{self, Write},
    path::Path,
    sync::{Arc, Mutex},
};

use sesam::server::{domain::factor::Factor, mail::smtp::Smtp};

use super::{
    calls::House,
    databases::{Database, run},
    letters::{letter, post, send, tried, until_waiting, waiting},
    mailbox::Mailbox,
    receiver::certificate,
};

const WORD: &str = "a word of ours";

/// The settings for a server that wants TLS and a password.
fn settings(scheme: &str, mailbox: &Mailbox, dir: &Path) -> String {
    format!(
        "[mail]\nsmtp = \"{scheme}://mfa@example.com@127.0.0.1:{}\"\nfrom = \"mfa@example.com\"\n\
         password_file = \"{}\"\nca_file = \"{}\"\n",
        mailbox.port,
        dir.join("smtp.password").display(),
        dir.join("ca.pem").display()
    )
}

fn write(path: &Path, text: &str) {
    std::fs::File::create(path).unwrap().write_all(text.as_bytes()).unwrap();
}

#[test]
fn a_mail_server_is_spoken_to_over_tls_and_with_a_password() {
    let dir = tempfile::tempdir().unwrap();
    if !certificate(dir.path()) {
        println!("skipped: no openssl was found");
        return;
    }
    write(&dir.path().join("smtp.password"), &format!("{WORD}\n"));
    for (scheme, cover) in [("smtp+starttls", "starttls"), ("smtps", "tls")] {
        let Some(mailbox) = Mailbox::covered(0, cover, dir.path()) else { return };
        let database = Database::sqlite();
        run(async {
            let house = House::open(&database, &settings(scheme, &mailbox, dir.path())).await;
            house.settle(&[Factor::Email]).await;
            let post = post(&house);
            letter(&house, "juniper@example.com", "Hello").await;
            assert_eq!(mailbox.next().subject, "Hello", "{scheme}");
            post.abort();
        });
    }
}

#[test]
fn a_wrong_password_and_a_wrong_certificate_make_letters_wait_and_lose_none() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    if !certificate(dir.path()) || !certificate(other.path()) {
        println!("skipped: no openssl was found");
        return;
    }
    write(&dir.path().join("smtp.password"), "another word");
    write(&other.path().join("smtp.password"), WORD);
    let Some(mailbox) = Mailbox::covered(0, "tls", dir.path()) else { return };
    let Some(bare) = Mailbox::open(0) else { return };
    let shown = [
        settings("smtps", &mailbox, dir.path()),        // the password is wrong
        settings("smtps", &mailbox, other.path()),      // the certificate is another one's
        settings("smtp+starttls", &bare, other.path()), // the server has no TLS
    ];
    for settings in shown {
        let database = Database::sqlite();
        run(async {
            let house = House::open(&database, &settings).await;
            house.settle(&[Factor::Email]).await;
            let post = post(&house);
            letter(&house, "juniper@example.com", "Hello").await;
            tried(&house).await;
            assert_eq!(waiting(&house).await, 1, "{settings}");
            post.abort();
        });
    }
    assert_eq!((mailbox.rest(), bare.rest()), (0, 0));
}

#[test]
fn no_debug_text_shows_the_password() {
    let dir = tempfile::tempdir().unwrap();
    write(&dir.path().join("smtp.password"), WORD);
    let mail = sesam::server::config::Mail {
        smtp: "smtps://mfa@example.com@mail.example.com".into(),
        password_file: Some(dir.path().join("smtp.password")),
        from: "mfa@example.com".into(),
        ca_file: None,
    };
    run(async {
        let smtp = Smtp::new(&mail).unwrap();
        assert!(!format!("{smtp:?} {smtp:#?}").contains("word of ours"));
    });
}

/// A log that is kept.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_log_says_why_a_letter_waits_and_nothing_of_what_is_in_it() {
    let Some(mut mailbox) = Mailbox::open(0) else { return };
    let log = Log::default();
    let writer = log.clone();
    let lines = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .with_max_level(tracing::Level::TRACE)
        .finish();
    let _listens = tracing::subscriber::set_default(lines);
    // With one subscriber alone, a line that another test is the first to pass is switched off by that test's thread.
    let _another = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::new());
    let database = Database::sqlite();
    // On this thread alone, which is the one that listens.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let code = runtime.block_on(async {
        let house = House::open(&database, &mailbox.settings()).await;
        house.settle(&[Factor::Email]).await;
        let post = post(&house);
        mailbox.answer("451 Your code 123456 for juniper@example.com was not taken");
        let sign_in = house.sign_in().await;
        assert_eq!(send(&house, &sign_in).await.status, 202);
        tried(&house).await;
        mailbox.answer("250 OK");
        house.clock.wait(60);
        until_waiting(&house, 0).await;
        let code = mailbox.next().code();
        assert_eq!(house.show(&sign_in, "email", &code).await.status, 200);
        post.abort();
        code
    });
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("a letter waits") && log.contains("the mail server answered 451"), "{log}");
    for secret in [code.as_str(), "123456", "was not taken"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
    let ours = log.lines().filter(|line| line.contains("sesam")).collect::<String>();
    assert!(!ours.contains("juniper@example.com"), "{ours}");
}
