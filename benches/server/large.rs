//! S4: lists and searches over 1,000,000 users and 10,000,000 rows of the audit, on the first page and far behind it.
//! `SESAM_BENCH_SMALL=1` takes a hundredth of it; `SESAM_BENCH_HOLD=1` goes on serving until Enter, for `sesam admin`.

use std::{io::Read, time::Duration};

use sesam::server::store::database::{Connection, Place};

use super::{
    Times,
    http::Client,
    process::{Sesamd, Site},
    timed,
};

/// Asks for each list often enough for a median.
pub(crate) fn s4() {
    let (users, rows) = if std::env::var_os("SESAM_BENCH_SMALL").is_some() {
        (10_000, 100_000)
    } else {
        (1_000_000, 10_000_000)
    };
    println!("S4: lists over {users} users and {rows} rows of the audit, medians in ms");
    let site = Site::new(None, "");
    fill(&site.place(), (users, rows));
    let key = site.api_key("bench", "viewer");
    let server = site.serve(0);
    let mut client = Client::connect(server.address).expect("a connection");
    for (name, path) in LISTS {
        let first = median(&mut client, &key, path);
        let far = far(&mut client, &key, path);
        println!("  {name}: first page {first:.2}, {PAGES} pages on {far:.2}");
    }
    for (name, path) in SINGLE {
        println!("  {name}: {:.2}", median(&mut client, &key, path));
    }
    println!("  {} KiB resident at most", Sesamd::memory(&server).1);
    if std::env::var_os("SESAM_BENCH_HOLD").is_some() {
        println!("  it serves at http://{} with the key {key}, until Enter", server.address);
        let _ = std::io::stdin().read(&mut [0]);
    }
}

fn ask(client: &mut Client, key: &str, path: &str) -> (f64, serde_json::Value) {
    let (took, answer) = timed(|| client.get(path, key).expect("an answer"));
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    (took, answer.json())
}

fn median(client: &mut Client, key: &str, path: &str) -> f64 {
    Times::new((0..TIMES).map(|_| ask(client, key, path).0).collect()).at(50)
}

/// The median over the pages behind many others, or behind all that there are.
fn far(client: &mut Client, key: &str, path: &str) -> f64 {
    let (mut times, mut next) = (Vec::new(), String::new());
    for _ in 0..PAGES {
        let (took, page) = ask(client, key, &format!("{path}{next}"));
        times.push(took);
        let Some(cursor) = page["next"].as_str() else { break };
        next = format!("&cursor={cursor}");
    }
    let last = times.split_off(times.len().saturating_sub(TIMES));
    Times::new(last).at(50)
}

/// Fills an empty database.
fn fill(place: &Place, (users, rows): (i64, i64)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a thread");
    runtime.block_on(async {
        let mut connection = place.connect(Duration::from_mins(1)).await.expect("a connection");
        people(&mut connection, users).await;
        audit(&mut connection, (users, rows)).await;
        connection.run("ANALYZE").await.expect("figures");
    });
}

async fn people(connection: &mut Connection, users: i64) {
    for sql in [USERS, WORDS, BINDINGS] {
        connection.change(sql, vec![users.into()]).await.expect(sql);
    }
}

/// Indexes are built when all rows are there: that takes minutes instead of hours.
async fn audit(connection: &mut Connection, (users, rows): (i64, i64)) {
    let found = connection.rows(INDEXES, vec![]).await.expect("names");
    let made: Vec<(String, String)> =
        found.iter().map(|row| (row.text(0).expect("a name"), row.text(1).expect("a text"))).collect();
    for (name, _) in &made {
        connection.run(format!("DROP INDEX {name}").leak()).await.expect("it goes");
    }
    connection.change(AUDIT, vec![rows.into(), users.into()]).await.expect("rows");
    for (_, text) in &made {
        connection.run(text.clone().leak()).await.expect("it is back");
    }
}

const TIMES: usize = 51;
const PAGES: usize = 500;
/// Lists with a next page.
const LISTS: [(&str, &str); 8] = [
    ("users", "/v1/admin/users?limit=100"),
    ("users state:locked", "/v1/admin/users?limit=100&q=state:locked"),
    ("users by a word that many have", "/v1/admin/users?limit=100&q=lovelace"),
    ("audit", "/v1/admin/audit?limit=100"),
    ("audit result:fail", "/v1/admin/audit?limit=100&q=result:fail"),
    ("audit app:vpn", "/v1/admin/audit?limit=100&q=app:vpn"),
    ("audit reason:wrong_code", "/v1/admin/audit?limit=100&q=reason:wrong_code"),
    ("audit from:10.0.0.7", "/v1/admin/audit?limit=100&q=from:10.0.0.7"),
];
const SINGLE: [(&str, &str); 4] = [
    ("overview", "/v1/admin/overview"),
    ("users by a word that one has", "/v1/admin/users?limit=100&q=user0500000"),
    ("users name:user05", "/v1/admin/users?limit=100&q=name:user05"),
    ("audit user:user0000500", "/v1/admin/audit?limit=100&q=user:user0000500"),
];
const INDEXES: &str =
    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'audit' AND sql IS NOT NULL";
const USERS: &str = "WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n < $1 - 1) \
    INSERT INTO users SELECT printf('u%07d', n), printf('user%07d', n), printf('user%07d', n), \
    printf('user%07d@example.com', n), NULL, NULL, n % 97 <> 0, CASE WHEN n % 50 = 0 THEN 3 ELSE 0 END, 0, 0, \
    CASE WHEN n % 101 = 0 THEN 4102444800000 END, CASE WHEN n % 211 = 0 THEN 4102444800000 END, 0, 0, 0, \
    1700000000000 + n, 'Ada Lovelace', 1700000000000 FROM s";
const WORDS: &str = "INSERT INTO user_words SELECT CAST(spelling AS BLOB), id FROM users WHERE $1 > 0 \
    UNION ALL SELECT CAST('lovelace' AS BLOB), id FROM users UNION ALL SELECT CAST('ada' AS BLOB), id FROM users";
const BINDINGS: &str = "INSERT INTO bindings (id, user_id, application, serial, state, kind, algorithm, digits, \
    period, counter, seed, last_step, drift, created, used) \
    SELECT 'b' || id, id, 'vpn', NULL, 'active', 'totp', 'SHA1', 6, 30, 0, randomblob(72), NULL, 0, created, NULL \
    FROM users WHERE rowid % 10 <> 0 AND $1 > 0";
const AUDIT: &str = "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < $1) \
    INSERT INTO audit SELECT 'old', n, 1700000000000 + n * 200, 'Secondary authentication - OTP', \
    CASE WHEN n % 7 = 0 THEN 'failure' ELSE 'success' END, CASE WHEN n % 7 = 0 THEN 'wrong_code' END, 'otp', \
    CASE WHEN n % 3 = 0 THEN 'wiki' ELSE 'vpn' END, printf('u%07d', n * 7919 % $2), \
    printf('user%07d', n * 7919 % $2), 'user', '10.0.0.' || (n % 200), NULL, NULL, NULL, \
    randomblob(32), randomblob(32) FROM s";
