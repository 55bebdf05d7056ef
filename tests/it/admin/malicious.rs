//! The corpus of malicious answers: served over TLS on loopback to the real program.

use std::fs;

use serde_json::Value;
use sesam::clock::{Clock as _, SystemClock};

use super::{
    certificates::Authority,
    faults::home,
    proxy::{Proxy, Turn},
};
use crate::cli::{hostile::safe, sesam::shared};

const TOKEN: &str = "sesam_key_of_the_corpus";

#[test]
fn every_malicious_answer_ends_as_it_should() {
    let Some(manifest) = shared("malicious/manifest.json") else { return };
    let Some(authority) = Authority::new() else { return };
    let own = authority.sign("IP:127.0.0.1", 2049);
    let root = manifest.parent().unwrap();
    let manifest: Value = serde_json::from_str(&fs::read_to_string(&manifest).unwrap()).unwrap();
    let entries = manifest["entries"].as_array().unwrap().iter();
    let mut checked = 0;
    for entry in entries.filter(|entry| entry["surface"] == "admin_response") {
        let bytes = fs::read(root.join(entry["file"].as_str().unwrap())).unwrap();
        let proxy = Proxy::secure(own.server(&own), move |_| Turn::Say(bytes.clone()));
        let ca = authority.pem().display().to_string();
        let home = home(&proxy.url(), TOKEN, &["--ca-file", &ca]);
        let before = fs::read(home.path("config/sesam/config.toml")).unwrap();
        for words in [&["admin", "user", "list"][..], &["admin", "server", "test", "--json"]] {
            let (start, asked) = (SystemClock.now(), proxy.seen().len());
            let ran = home.bare(words);
            let took = SystemClock.now().duration_since(start).as_secs_f64();
            assert!(ran.code == 1 || ran.code == 7, "{entry}: {ran:?}");
            assert_eq!(ran.stdout, "", "{entry}: nothing of a list is shown");
            assert!(!ran.stderr.contains(TOKEN), "{entry}: {ran:?}");
            assert!(took < 20.0, "{entry}: {took} s");
            assert_eq!(
                proxy.seen().len(),
                asked + 1,
                "{entry}: it was asked once, with the token here alone"
            );
            safe(&ran);
        }
        assert_eq!(fs::read(home.path("config/sesam/config.toml")).unwrap(), before);
        checked += 1;
    }
    assert!(checked >= 4, "{checked}");
}
