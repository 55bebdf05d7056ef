//! privacyIDEA beside S1, on this machine: `SESAM_BENCH_PRIVACYIDEA` is the address of one that may be filled with
//! tokens, its administrator `admin` with the password `adminpw`. Codes that count, so that each token has many.

use serde_json::{Value, json};
use sesam::otp::{Counter, Kind, Otp, Secret};

use super::{AtomicUsize, Mutex, Ordering, Times, timed};

/// Judges codes over so many connections as this server likes.
pub(crate) fn peer() {
    let Ok(url) = std::env::var("SESAM_BENCH_PRIVACYIDEA") else {
        println!("peer: no privacyIDEA, since SESAM_BENCH_PRIVACYIDEA names none");
        return;
    };
    println!("peer: codes that privacyIDEA judges at {url}");
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let run = std::process::id();
    let login = post(&agent, (&url, "/auth"), "", &json!({"username": "admin", "password": "adminpw"}));
    let token = login["result"]["value"]["token"].as_str().expect("a token of the administrator").to_owned();
    for connection in 0..CONNECTIONS[1] {
        let wish = json!({"type": "hotp", "serial": serial(run, connection), "otpkey": hex(connection), "otplen": 6});
        let made = post(&agent, (&url, "/token/init"), &token, &wish);
        assert_eq!(made["result"]["value"], true, "{made}");
    }
    let used: Vec<AtomicUsize> = (0..CONNECTIONS[1]).map(|_| AtomicUsize::new(0)).collect();
    for connections in CONNECTIONS {
        let times = Mutex::new(Vec::new());
        let (total, ()) = timed(|| {
            std::thread::scope(|scope| {
                for nth in 0..connections {
                    let (agent, url, times, used) = (&agent, &url, &times, &used);
                    scope.spawn(move || {
                        for _ in 0..CODES / connections {
                            let code = code(nth, used[nth].fetch_add(1, Ordering::Relaxed));
                            let body = json!({"serial": serial(run, nth), "pass": code});
                            let (took, answer) = timed(|| post(agent, (url, "/validate/check"), "", &body));
                            assert_eq!(answer["result"]["value"], true, "{answer}");
                            times.lock().expect("nobody panics").push(took);
                        }
                    });
                }
            });
        });
        let times = Times::new(times.into_inner().expect("nobody panics"));
        let rate = f64::from(u32::try_from(times.0.len()).expect("few")) / total * 1000.0;
        println!(
            "  {connections} connections: {rate:.1} a second, p50 {:.0} ms, p99 {:.0} ms",
            times.at(50),
            times.at(99)
        );
    }
}

fn post(agent: &ureq::Agent, (url, path): (&str, &str), token: &str, body: &Value) -> Value {
    let request = agent.post(format!("{url}{path}")).header("authorization", token);
    request.send_json(body).expect("an answer").body_mut().read_json().expect("JSON")
}

fn serial(run: u32, connection: usize) -> String {
    format!("BENCH{run}X{connection}")
}

fn seed(connection: usize) -> [u8; 20] {
    std::array::from_fn(|at| u8::try_from((at * 7 + connection) % 256).expect("a byte"))
}

fn hex(connection: usize) -> String {
    data_encoding::HEXLOWER.encode(&seed(connection))
}

fn code(connection: usize, count: usize) -> String {
    let secret = Secret::new(seed(connection).to_vec()).expect("a seed");
    let counter = Counter::new(u64::try_from(count).expect("a count")).expect("in range");
    Otp::new(Kind::Hotp { counter }, secret).code(0).expect("a code").as_str().to_owned()
}

const CODES: usize = 480;
const CONNECTIONS: [usize; 2] = [4, 16];
